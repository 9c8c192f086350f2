//! `splice(2)`, `sendfile(2)`, `fallocate(2)`.

use std::fs::File;
use std::io;
use std::mem::MaybeUninit;

use rustix::fs::FallocateFlags;
use rustix::io::Errno;
use rustix::pipe::{PipeFlags, SpliceFlags};

use crate::sys::Handle;

/// Keeps the kernel from sleeping in calls that have no flag for it, from now on.
///
/// `splice` from a socket heeds only the descriptor's own mode, and so does `sendfile`. The plain calls work in either
/// mode.
pub(crate) fn never_sleep(handle: &Handle) -> io::Result<()> {
    Ok(rustix::io::ioctl_fionbio(handle, true)?)
}

/// The kernel's buffer between a stream and a file.
#[derive(Debug)]
pub(crate) struct Pipe {
    reader: Handle,
    writer: Handle,
    capacity: usize,
}

impl Pipe {
    /// What is asked for: the most that an unprivileged process gets.
    const CAPACITY: usize = 1 << 20;
    /// What the kernel gives when the user has many pipes. Less would be slower than to copy.
    const LEAST: usize = 64 << 10;

    /// A new empty pipe.
    pub(crate) fn new() -> io::Result<Self> {
        let (reader, writer) = rustix::pipe::pipe_with(PipeFlags::CLOEXEC)?;
        let capacity = rustix::pipe::fcntl_setpipe_size(&writer, Self::CAPACITY)
            .or_else(|_| rustix::pipe::fcntl_getpipe_size(&writer))?;
        if capacity < Self::LEAST {
            return Err(io::ErrorKind::Unsupported.into());
        }
        Ok(Self { reader, writer, capacity })
    }

    /// How many bytes it holds at most.
    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }

    /// Moves what has arrived on a stream into the pipe, which must be empty; zero at the end of the stream.
    pub(crate) fn fill(&self, stream: &Handle, most: usize) -> io::Result<usize> {
        let flags = SpliceFlags::NONBLOCK | SpliceFlags::MOVE;
        rustix::pipe::splice(stream, None, &self.writer, None, most, flags).map_err(|errno| match errno {
            Errno::INTR => Errno::AGAIN.into(),
            errno => errno.into(),
        })
    }

    /// Moves what is in the pipe to the file's current position.
    pub(crate) fn pour(&self, file: &File, most: usize) -> io::Result<usize> {
        Ok(rustix::pipe::splice(&self.reader, None, file, None, most, SpliceFlags::MOVE)?)
    }

    /// Takes what is in the pipe out by copying.
    pub(crate) fn drain(&self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(rustix::io::read(&self.reader, buffer)?)
    }
}

/// Moves bytes from the file's current position to a stream that never sleeps; zero at the end of the file.
pub(crate) fn send_file(stream: &Handle, file: &File, most: usize) -> io::Result<usize> {
    let broken_pipes = BrokenPipes::hold()?;
    let sent = rustix::fs::sendfile(stream, file, None, most);
    if sent == Err(Errno::PIPE) {
        broken_pipes.discard();
    }
    sent.map_err(|errno| match errno {
        Errno::INTR => Errno::AGAIN.into(),
        errno => errno.into(),
    })
}

/// Keeps `SIGPIPE` from this thread for as long as it lives: `sendfile` has no `MSG_NOSIGNAL`.
struct BrokenPipes {
    /// What the thread blocked before; `None` when that included the signal.
    previous: Option<libc::sigset_t>,
}

impl BrokenPipes {
    fn hold() -> io::Result<Self> {
        let signals = Self::signals();
        let mut previous = MaybeUninit::uninit();
        // SAFETY: the first set is initialised, the second valid for writing.
        let code = unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &signals, previous.as_mut_ptr()) };
        if code != 0 {
            return Err(io::Error::from_raw_os_error(code));
        }
        // SAFETY: the call succeeded, so it has written the set, which is valid for reading.
        let (previous, was_blocked) = unsafe {
            let previous = previous.assume_init();
            (previous, libc::sigismember(&previous, libc::SIGPIPE) == 1)
        };
        Ok(Self { previous: (!was_blocked).then_some(previous) })
    }

    /// Takes the signal that the call before has raised. One that the program itself holds back is its own.
    fn discard(&self) {
        if self.previous.is_some() {
            let at_once = libc::timespec { tv_sec: 0, tv_nsec: 0 };
            // SAFETY: the set and the time are initialised; nothing is written where null is given.
            unsafe { libc::sigtimedwait(&Self::signals(), std::ptr::null_mut(), &at_once) };
        }
    }

    fn signals() -> libc::sigset_t {
        let mut signals = MaybeUninit::uninit();
        // SAFETY: the set is valid for writing, and sigemptyset initialises it before the signal is added.
        unsafe {
            libc::sigemptyset(signals.as_mut_ptr());
            libc::sigaddset(signals.as_mut_ptr(), libc::SIGPIPE);
            signals.assume_init()
        }
    }
}

impl Drop for BrokenPipes {
    fn drop(&mut self) {
        if let Some(previous) = &self.previous {
            // SAFETY: `previous` is the mask this thread had. Setting it cannot fail.
            unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, previous, std::ptr::null_mut()) };
        }
    }
}

/// Takes room on the disk for bytes that are to come, without making the file longer.
pub(crate) fn reserve(file: &File, offset: u64, length: u64) -> io::Result<()> {
    Ok(rustix::fs::fallocate(file, FallocateFlags::KEEP_SIZE, offset, length)?)
}

/// How many bytes there is room for on the file's disk; `None` when the file system does not say.
pub(crate) fn room(file: &File) -> Option<u64> {
    let disk = rustix::fs::fstatvfs(file).ok().filter(|disk| disk.f_blocks > 0)?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    extern "C" fn fail(_signal: libc::c_int) {
        // SAFETY: `_exit` is async-signal-safe.
        unsafe { libc::_exit(1) };
    }

    #[test]
    fn a_broken_stream_raises_no_signal() {
        const NAME: &str = "sys::files::linux::tests::a_broken_stream_raises_no_signal";
        if !testkit::child::is_child(NAME) {
            return;
        }
        let handler: extern "C" fn(libc::c_int) = fail;
        // SAFETY: the handler only calls what is async-signal-safe.
        unsafe { libc::signal(libc::SIGPIPE, handler as libc::sighandler_t) };
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        testkit::hostile::reset(listener.accept().unwrap().0).unwrap();
        let handle = Handle::from(stream);
        let program = File::open(std::env::current_exe().unwrap()).unwrap();
        // The first may report the reset, or come before it.
        let mut outcomes = (0..1000).map(|_| send_file(&handle, &program, 1));
        let broken =
            outcomes.find(|sent| sent.as_ref().is_err_and(|e| e.kind() == io::ErrorKind::BrokenPipe));
        assert!(broken.is_some());
    }
}
