//! Stopped at every single write and flush of a charge and of a recharge: after the next start the journal and the gateway
//! tell the same story. A rotating share on every run, all of it with `KILLS=all`.
#![cfg(target_os = "linux")]

mod desk;
mod points {
    pub mod judge;
}
#[path = "../../../tests/kills/stop.rs"]
mod stop;

use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use desk::{Desk, Running, Said, code, order};
use points::judge::judge;
use stop::{Order, Stop, ways};
use tempfile::TempDir;

/// How long the share of one run takes; `KILLS_SECONDS` says otherwise.
const SHARE: u64 = 45;
const CARD: &str = "80001234";

/// What is done at the desk while it is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Story {
    /// A charge that meets the simulator's scenario of this name.
    Charge(&'static str),
    /// The first charge of a new folder.
    First,
    /// A recharge that this window begins and ends.
    Recharge,
    /// The money came while the program was away, and it asks again.
    Resume,
}

const STORIES: [Story; 7] = [
    Story::Charge("paid"),
    Story::Recharge,
    Story::Charge("password"),
    Story::First,
    Story::Charge("lost-answer"),
    Story::Charge("refused"),
    Story::Resume,
];

/// One folder and gateway, used again and again; the files of a window that has worked before are put back each time.
struct Bench {
    desk: Desk,
    stop: Stop,
    _tools: TempDir,
    worked: Vec<(String, Vec<u8>)>,
    bills: u32,
}

impl Bench {
    fn new() -> Self {
        let desk = Desk::new();
        desk.settings("recharge.begin = \"window\"\ngateway.payment_type = \"66\"");
        desk.charge("T0", &code("paid"), &[]).exits(0);
        let files = std::fs::read_dir(desk.folder.path()).expect("the folder").flatten();
        let files = files.filter(|entry| entry.path().is_file() && entry.file_name() != "ballast");
        let worked = files.map(|entry| {
            (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).expect("reads"))
        });
        let tools = tempfile::tempdir().expect("a folder");
        Self { worked: worked.collect(), desk, bills: 0, stop: Stop::build(tools.path()), _tools: tools }
    }

    /// The folder as it was before: of a window that has worked, or of one that never did.
    fn lay_out(&self, first: bool) {
        for entry in std::fs::read_dir(self.desk.folder.path()).expect("the folder").flatten() {
            let path = entry.path();
            match path.is_dir() {
                true => std::fs::remove_dir_all(path).expect("removes"),
                false if entry.file_name() != "ballast" => std::fs::remove_file(path).expect("removes"),
                false => {}
            }
        }
        for (name, bytes) in self.worked.iter().filter(|(name, _)| !first || name == "wicket.toml") {
            std::fs::write(self.desk.file(name), bytes).expect("writes");
        }
    }

    /// Tells the story once, stopped as ordered.
    fn tell(&mut self, story: Story, stopped: Order) -> Told {
        self.lay_out(story == Story::First);
        self.bills += 1;
        let bill = format!("K{}", self.bills);
        let code = code(match story {
            Story::Charge(scenario) => scenario,
            Story::First | Story::Recharge => "paid",
            Story::Resume => "never",
        });
        let recharge = ["charge", "--operator", "S0107", "--business", "7", "--bill", &bill, "--amount", "260.00"];
        let line = match story {
            Story::Charge(_) | Story::First => order(&bill, "260.00", &[]),
            Story::Recharge => [&recharge[..], &["--card", CARD]].concat(),
            Story::Resume => {
                self.desk.charge(&bill, &code, &["--wait", "0"]).exits(4);
                assert!(self.desk.sim.approve(&bill), "the customer confirms");
                vec!["resume", "--wait", "10"]
            }
        };
        self.stop.order(stopped);
        let environment = self.stop.environment("wicketctl");
        let mut running = Running::start_under(self.desk.folder.path(), &line, &environment);
        running.say(&format!("{code}\n"));
        let said = running.end();
        Told { bill, code, said }
    }
}

/// A story that was told, perhaps not to its end.
struct Told {
    bill: String,
    code: String,
    said: Said,
}

#[test]
fn stopped_at_any_write_or_flush_the_next_start_and_the_gateway_agree() {
    let all = std::env::var("KILLS").is_ok_and(|word| word == "all");
    let seconds = std::env::var("KILLS_SECONDS").ok().map_or(SHARE, |text| text.parse().expect("seconds"));
    let seed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |now| now.as_secs());
    let plan = Mutex::new(plan(seed));
    let points = plan.lock().expect("the plan").len();
    let until = Instant::now() + if all { Duration::from_secs(24 * 3600) } else { Duration::from_secs(seconds) };
    let began = Instant::now();
    let work = || {
        let mut bench = Bench::new();
        let mut done = [0_u32; 2];
        while Instant::now() < until {
            let Some((story, stopped)) = plan.lock().expect("the plan").pop() else { break };
            let told = bench.tell(story, stopped);
            done[usize::from(told.said.code.is_none())] += 1;
            judge(&bench.desk, &told.bill, &told.code, &told.said)
                .unwrap_or_else(|what| panic!("{story:?} stopped {stopped:?}: {what}"));
        }
        done
    };
    let [mut ended, mut killed] = [0, 0];
    std::thread::scope(|scope| {
        let threads = [scope.spawn(work), scope.spawn(work)];
        for thread in threads {
            let [some, more] = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            ended += some;
            killed += more;
        }
    });
    println!("{killed} of {points} points stopped at, {ended} came after the end, in {:?}", began.elapsed());
    assert!(killed > 20 && killed > ended * 4, "it was hardly ever stopped: {killed}, {ended}");
}

/// Every point of every story, in an order that changes from run to run.
#[allow(clippy::print_stdout, reason = "the report says how many there are, and with which seed")]
fn plan(seed: u64) -> Vec<(Story, Order)> {
    let mut bench = Bench::new();
    let mut plan = Vec::new();
    for story in STORIES {
        let told = bench.tell(story, Order::List);
        assert!(told.said.code.is_some(), "it ends by itself: {:?}", told.said);
        judge(&bench.desk, &told.bill, &told.code, &told.said).unwrap_or_else(|what| panic!("{story:?}: {what}"));
        let points = bench.stop.listed();
        assert!(points.iter().any(|point| point.starts_with("flush")), "the program is not looked into: {points:?}");
        println!("{story:?}: {} points", points.len());
        plan.extend(ways(&points).into_iter().map(|stopped| (story, stopped)));
    }
    println!("{} kills in all; seed {seed}", plan.len());
    // Fisher and Yates, with the same chance as elsewhere in these tests.
    let mut chance = seed;
    for at in (1..plan.len()).rev() {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        plan.swap(at, (chance >> 33) as usize % (at + 1));
    }
    plan
}
