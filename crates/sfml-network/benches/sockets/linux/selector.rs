//! Waiting on many sockets.

use std::hint::black_box;
use std::os::fd::AsRawFd;
use std::time::Duration;

use sfml_network::UdpSocket;
use testkit::paired::Paired;

use super::pool::Pool;
use super::{Bench, raw};

const MOST: usize = 10_000;

pub(crate) fn run(bench: &mut Bench) {
    let most = if testkit::descriptors::allow(MOST as u64) {
        MOST
    } else {
        testkit::skip::skip("10000 descriptors are not allowed here; raise `ulimit -n`");
        900
    };
    let pool = Pool::new(most);
    pool.fill(1);
    for count in [10, 100, 1000, MOST] {
        if count <= most {
            one_ready(bench, &pool, count);
        }
    }
    against_select(bench, &pool);
    with_time_limit(bench, &pool);
    if most == MOST {
        flatness(bench, &pool);
    }
    pool.drain();
    none_ready(bench, &pool);
    is_ready(bench, &pool, 900);
}

fn one_ready(bench: &mut Bench, pool: &Pool, count: usize) {
    let case = format!("selector wait; 1 of {count} ready");
    if !bench.wants(&case) {
        return;
    }
    let watched = &pool.sockets[..count];
    let selector = pool.selector(count);
    let mut epoll = raw::Epoll::new(watched);
    let mut polling = raw::Polling::new(watched).unwrap();
    let ours = Paired::new(case, |turn| turn.repeat(|| assert!(selector.wait(None).unwrap())));
    bench.run(
        ours.against("libc epoll_wait", 1.0, |turn| turn.repeat(|| assert_eq!(epoll.wait(-1).len(), 1)))
            .against("polling; level", 3.5, |turn| turn.repeat(|| assert_eq!(polling.wait(None), 1))),
    );
}

fn against_select(bench: &mut Bench, pool: &Pool) {
    let watched = &pool.sockets[..900];
    let select = raw::Select::new(watched);
    let selector = pool.selector(900);
    let ours = Paired::new("selector wait; 1 of 900 ready", |turn| {
        turn.repeat(|| assert!(selector.wait(None).unwrap()));
    });
    bench.run(ours.against("libc select", 20.0, |turn| turn.repeat(|| assert_eq!(select.wait(), 1))));
}

fn with_time_limit(bench: &mut Bench, pool: &Pool) {
    const LIMIT: Duration = Duration::from_secs(1);
    let watched = &pool.sockets[..100];
    let selector = pool.selector(100);
    let mut epoll = raw::Epoll::new(watched);
    let mut polling = raw::Polling::new(watched).unwrap();
    let ours = Paired::new("selector wait with a time limit; 1 of 100 ready", |turn| {
        turn.repeat(|| assert!(selector.wait(LIMIT).unwrap()));
    });
    bench.run(
        ours.against("libc epoll_wait", 1.0, |turn| turn.repeat(|| assert_eq!(epoll.wait(1000).len(), 1)))
            .against("polling; level", None, |turn| turn.repeat(|| assert_eq!(polling.wait(Some(LIMIT)), 1))),
    );
}

fn flatness(bench: &mut Bench, pool: &Pool) {
    let (large, small) = (pool.selector(MOST), pool.selector(10));
    let ours = Paired::new(format!("selector wait; 1 of {MOST} ready"), |turn| {
        turn.repeat(|| assert!(large.wait(None).unwrap()));
    });
    // At most 1.2 times the cost.
    bench.run(ours.against("ours with 10", 1.0 / 1.2, |turn| {
        turn.repeat(|| assert!(small.wait(None).unwrap()));
    }));
}

fn none_ready(bench: &mut Bench, pool: &Pool) {
    let watched = &pool.sockets[..100];
    let selector = pool.selector(100);
    let mut epoll = raw::Epoll::new(watched);
    let mut polling = raw::Polling::new(watched).unwrap();
    let ours = Paired::new("selector poll; none of 100 ready", |turn| {
        turn.repeat(|| assert!(!selector.poll().unwrap()));
    });
    bench.run(
        ours.against("libc epoll_wait", 0.95, |turn| turn.repeat(|| assert!(epoll.wait(0).is_empty())))
            .against("polling; level", None, |turn| {
                turn.repeat(|| assert_eq!(polling.wait(Some(Duration::ZERO)), 0));
            }),
    );
}

/// Asking each of many ready sockets, as programs written for SFML do.
fn is_ready(bench: &mut Bench, pool: &Pool, count: usize) {
    let watched = &pool.sockets[..count];
    pool.fill(count);
    let selector = pool.selector(count);
    assert!(selector.wait(None).unwrap());
    let mut epoll = raw::Epoll::new(watched);
    let numbers: Vec<u64> = epoll.wait(-1).iter().map(|event| event.u64).collect();
    let small = pool.selector(10);
    assert!(small.wait(None).unwrap());
    let ask = |selector: &sfml_network::SocketSelector, socket: &UdpSocket| {
        assert!(selector.is_ready(black_box(socket)));
    };
    let ours = Paired::new(format!("is_ready of each of {count} ready"), |turn| {
        turn.repeat(|| watched.iter().for_each(|socket| ask(&selector, socket)));
    });
    bench.run(
        // SFML 3.1 compares the socket's number with each event's.
        ours.against("a scan of the events", None, |turn| {
            turn.repeat(|| {
                for wanted in 0..count as u64 {
                    assert!(black_box(&numbers).contains(black_box(&wanted)));
                }
            });
        })
        .against("a set of bits; as select has", None, |turn| {
            let select = raw::Select::new(watched);
            turn.repeat(|| {
                for socket in watched {
                    assert!(black_box(&select).contains(black_box(socket.as_raw_fd())));
                }
            });
        })
        .against("ours; of 10 ready", None, |turn| {
            turn.repeat(|| {
                for _ in 0..count / 10 {
                    watched[..10].iter().for_each(|socket| ask(&small, socket));
                }
            });
        }),
    );
    pool.drain();
}
