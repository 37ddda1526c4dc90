//! One TCP connection, which the simulator can cut at the worst moment.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Says that a connection breaks as soon as the next request arrives on it.
#[derive(Clone, Default)]
pub(crate) struct Doom(Arc<AtomicBool>);

impl Doom {
    pub fn seal(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn sealed(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A TCP stream that obeys its `Doom`; `struck` is called when it does.
pub(crate) struct Wire<F> {
    stream: TcpStream,
    doom: Doom,
    struck: F,
}

impl<F: Fn() + Unpin> Wire<F> {
    pub fn new(stream: TcpStream, doom: Doom, struck: F) -> Wire<F> {
        Wire { stream, doom, struck }
    }
}

impl<F: Fn() + Unpin> AsyncRead for Wire<F> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if matches!(read, Poll::Ready(Ok(()))) && buf.filled().len() > before && self.doom.sealed() {
            (self.struck)();
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        read
    }
}

impl<F: Fn() + Unpin> AsyncWrite for Wire<F> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, data)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
