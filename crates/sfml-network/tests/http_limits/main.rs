//! How long calls take that something holds up: no less than their limit, and hardly more; as long as nobody ends them.

#![cfg(all(feature = "tls", target_os = "linux"))]
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]
#![expect(clippy::print_stdout, reason = "what was measured is told")]

#[path = "../http_scripts/mod.rs"]
mod http_scripts;
mod lookup;
mod scenes;

use std::time::{Duration, Instant};

use sfml_network::http::{HttpError, Phase};
use testkit::PATIENCE;
use testkit::sleeper::Sleeper;

use self::scenes::{Scene, scenes};

const LIMITS: [Duration; 3] =
    [Duration::from_millis(50), Duration::from_millis(300), Duration::from_millis(2000)];

/// How late the end of a call may be, at the best of some attempts: others use the processor too.
const LATE: Duration = Duration::from_millis(50);

/// What would be no reaction any more. It takes up to 40 ms to notice, and is printed.
const SLOW: Duration = Duration::from_millis(500);

const ATTEMPTS: usize = 6;

/// The least of what some attempts take beyond what they have to, as soon as it is little enough.
fn best(mut attempt: impl FnMut() -> Duration) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..ATTEMPTS {
        best = best.min(attempt());
        if best <= LATE {
            break;
        }
    }
    best
}

/// Tells what was measured, and fails if any of it was too late.
fn judge(what: &str, most: Duration, results: &[(&str, Duration)]) {
    let (name, latest) = results.iter().max_by_key(|(_, late)| *late).expect("something was tried");
    println!("{what}: {} scenes, {latest:?} late at most ({name})", results.len());
    let late: Vec<_> = results.iter().filter(|(_, late)| *late > most).collect();
    assert!(late.is_empty(), "{what}: {late:?}");
}

/// How long after the limit a call in this scene ends, which has to be because of the limit.
fn overtime(scene: &Scene, limit: Duration) -> Duration {
    let begun = Instant::now();
    let error = scene.call(Some(limit)).expect_err(scene.name);
    let taken = begun.elapsed();
    assert!(taken >= limit, "{}: {error:?} after {taken:?}", scene.name);
    match &error {
        HttpError::TimedOut { limit: told, .. } => assert_eq!(*told, Some(limit), "{}", scene.name),
        other => panic!("{}: {other:?}", scene.name),
    }
    let is_there = matches!(error, HttpError::TimedOut { phase, .. } if phase == scene.phase);
    // On a machine under load the time may be over before that.
    if is_there { taken - limit } else { Duration::MAX }
}

/// How long after its end was asked for a call in this scene ends.
fn reaction(scene: &Scene, ask: impl FnOnce(&Scene), is_right: impl Fn(&HttpError) -> bool) -> Duration {
    scene.begin_anew();
    let for_thread = scene.clone();
    let sleeper = Sleeper::start(move || for_thread.call(None));
    let begun = Instant::now();
    while !scene.is_reached() {
        assert!(begun.elapsed() < PATIENCE, "{}: it does not get so far", scene.name);
        std::thread::yield_now();
    }
    let (outcome, taken) = sleeper.end_by(PATIENCE, || ask(scene));
    let error = outcome.expect_err(scene.name);
    assert!(is_right(&error), "{}: {error:?}", scene.name);
    taken
}

#[test]
fn every_call_ends_when_its_time_is_up_and_says_at_what() {
    let scenes = scenes();
    for limit in LIMITS {
        let late = testkit::each(&scenes, |scene| (scene.name, best(|| overtime(scene, limit))));
        judge(&format!("limit of {limit:?}"), LATE, &late);
    }
}

#[test]
fn every_call_ends_when_another_thread_cancels_it() {
    let scenes = scenes();
    let cancelled = |error: &HttpError| matches!(error, HttpError::Cancelled);
    let cancel = |scene: &Scene| scene.http.cancel();
    let late = testkit::each(&scenes, |scene| (scene.name, best(|| reaction(scene, cancel, cancelled))));
    judge("cancelled", SLOW, &late);
}

#[test]
fn every_call_ends_when_the_hook_says_so() {
    let scenes = scenes();
    let interrupted = |error: &HttpError| matches!(error, HttpError::Interrupted(_));
    let late =
        testkit::each(&scenes, |scene| (scene.name, best(|| reaction(scene, Scene::stop, interrupted))));
    judge("interrupted", SLOW, &late);
}

#[test]
fn a_step_without_a_limit_of_the_call_has_one_of_its_own() {
    let scenes = scenes();
    let phases: Vec<_> = scenes.iter().filter(|scene| !scene.drips).collect();
    let late = testkit::each(&phases, |scene| {
        let impatient = scene.with_step_limit(LIMITS[1]);
        (scene.name, best(|| overtime_of_step(&impatient)))
    });
    judge("steps", LATE, &late);
}

fn overtime_of_step(scene: &Scene) -> Duration {
    let begun = Instant::now();
    let error = scene.call(None).expect_err(scene.name);
    let is_right = matches!(&error, HttpError::TimedOut { phase, limit } if *phase == scene.phase && *limit == Some(LIMITS[1]));
    assert!(is_right, "{}: {error:?}", scene.name);
    assert_ne!(scene.phase, Phase::Lookup);
    begun.elapsed().checked_sub(LIMITS[1]).expect(scene.name)
}
