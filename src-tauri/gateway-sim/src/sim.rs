//! The running simulator: its listener, its connections, and their end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use tower_service::Service as _;

use crate::desk;
use crate::handle::Handle;
use crate::platform::Platform;
use crate::script::Script;
use crate::shared::{Line, Shared};
use crate::spoil::Cut;
use crate::switches::Switches;
use crate::wire::{Doom, Wire};

/// How a simulator starts.
#[derive(Default)]
pub struct Options {
    /// Standing habits.
    pub switches: Switches,
    /// Rules that choose scenarios.
    pub script: Script,
    /// Called with one line for each request as it goes by; the lines are traced as well.
    pub on_line: Option<Line>,
}

/// A running simulator. Dropping it ends the listener and every connection.
///
/// What a request meets is decided by the first of these that has an answer: `Handle::order`,
/// `Handle::always`, the `Script`, and for charges the last two digits of the payment code (`TAILS`).
/// Any other code pays at once.
///
/// ```no_run
/// # async fn run() -> std::io::Result<()> {
/// use gateway_sim::{On, Sim, scenario};
///
/// let sim = Sim::on_loopback().await?;
/// let handle = sim.handle();
/// if let Some(lost) = scenario("lost-answer") {
///     handle.order(On::Charge, lost);
/// }
/// // A till charges bill T1 at `sim.base_url()`.
/// let ledger = handle.until(|ledger| ledger.times_taken("T1") == 1).await;
/// assert_eq!(ledger.count(On::Query, "T1"), 0);
/// sim.stop().await;
/// # Ok(())
/// # }
/// ```
pub struct Sim {
    handle: Handle,
    _end: DropGuard,
}

impl Sim {
    /// Starts with the usual habits and no script; port 0 takes a free one.
    ///
    /// # Errors
    /// The address cannot be listened on.
    pub async fn start(listen: SocketAddr) -> io::Result<Sim> {
        Sim::start_with(listen, Options::default()).await
    }

    /// Starts on a free port of the loopback interface with the usual habits.
    ///
    /// # Errors
    /// The loopback interface cannot be listened on.
    pub async fn on_loopback() -> io::Result<Sim> {
        Sim::start(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// Starts with these habits and this script.
    ///
    /// # Errors
    /// The address cannot be listened on.
    pub async fn start_with(listen: SocketAddr, options: Options) -> io::Result<Sim> {
        let listener = TcpListener::bind(listen).await?;
        let addr = listener.local_addr()?;
        let platform = Platform::new(options.switches, options.script);
        let house = House {
            shared: Arc::new(Shared::new(platform, options.on_line)),
            addr,
            end: CancellationToken::new(),
            open: Mutex::new(None),
        };
        *house.open.lock().await = Some(house.open(listener));
        let end = house.end.clone().drop_guard();
        Ok(Sim { handle: Handle::new(Arc::new(house)), _end: end })
    }

    /// The address it listens on.
    pub fn addr(&self) -> SocketAddr {
        self.handle.addr()
    }

    /// The base URL for a till, with the slash at its end.
    pub fn base_url(&self) -> String {
        self.handle.base_url()
    }

    /// The way to watch and to steer it; cheap to clone, does not keep it running.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// What was taken, from whom, how often.
    pub fn summary(&self) -> String {
        self.handle.summary()
    }

    /// Ends the listener and every connection, and waits until all of its tasks are gone.
    pub async fn stop(self) {
        self.handle.halt().await;
    }
}

/// The listener and what it needs to be closed and opened again.
pub(crate) struct House {
    pub shared: Arc<Shared>,
    pub addr: SocketAddr,
    end: CancellationToken,
    open: Mutex<Option<Open>>,
}

struct Open {
    close: CancellationToken,
    tasks: TaskTracker,
}

impl House {
    /// Closes the listener and cuts every connection.
    pub async fn halt(&self) {
        if let Some(open) = self.open.lock().await.take() {
            open.close.cancel();
            open.tasks.close();
            open.tasks.wait().await;
        }
    }

    /// Listens again on the same address.
    pub async fn resume(&self) -> io::Result<()> {
        let mut open = self.open.lock().await;
        if open.is_none() {
            let listener = TcpListener::bind(self.addr).await?;
            *open = Some(self.open(listener));
        }
        Ok(())
    }

    fn open(&self, listener: TcpListener) -> Open {
        let open = Open { close: self.end.child_token(), tasks: TaskTracker::new() };
        let router = Router::new().fallback(desk::serve).with_state(self.shared.clone());
        let (close, tasks, shared) = (open.close.clone(), open.tasks.clone(), self.shared.clone());
        open.tasks.spawn(async move {
            let connections = accept(listener, router, shared, &tasks, &close);
            tokio::select! {
                () = close.cancelled() => {}
                () = connections => {}
            }
        });
        open
    }
}

async fn accept(
    listener: TcpListener,
    router: Router,
    shared: Arc<Shared>,
    tasks: &TaskTracker,
    close: &CancellationToken,
) {
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Usually too many open files: gives the connections time to end.
                tracing::warn!("not accepted: {error}");
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                continue;
            }
        };
        let close = close.clone();
        let connection = serve_connection(stream, router.clone(), shared.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = close.cancelled() => {}
                () = connection => {}
            }
        });
    }
}

/// Raised where an answer must never leave; hyper then drops the connection.
#[derive(Debug)]
struct NoAnswer;

impl std::fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection is closed without an answer")
    }
}

impl std::error::Error for NoAnswer {}

async fn serve_connection(stream: TcpStream, router: Router, shared: Arc<Shared>) {
    // A drip must leave byte by byte.
    let _ = stream.set_nodelay(true);
    let doom = Doom::default();
    let struck = move || {
        shared.change(|platform| platform.ledger.stale_closes += 1);
        shared.say("? - closed a kept-alive connection as the next request arrived");
    };
    let wire = Wire::new(stream, doom.clone(), struck);
    let answer = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(doom.clone());
        let answering = router.clone().call(request.map(Body::new));
        async move {
            let response: Response = match answering.await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            if response.extensions().get::<Cut>().is_some() { Err(NoAnswer) } else { Ok(response) }
        }
    });
    let served = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(wire), answer).await;
    if let Err(error) = served {
        tracing::debug!("connection ended: {error}");
    }
}
