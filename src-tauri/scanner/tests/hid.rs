//! USB scanners in HID-POS mode, from the report descriptor and the reports up to a scan: makers put the fields in other orders.

use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use scanner::hid::joining::Joining;
use scanner::hid::layout::{Layout, layouts};
use scanner::hid::{self, Reports};
use scanner::ports::Line;
use scanner::{
    DamageReason, Decoded, Decoder, DeviceIdentity, PairingEvent, PairingSession, PortFault, PortInfo, PortKind, Ports,
    Scanner, ScannerEvent, ScannerSettings, ScannerState, Source,
};

const CODE: &str = "134567890123456789";

/// The scanned-data report as most makers declare it: number 2, count, three symbology bytes, 56 of data, two of the maker's own,
/// eight bits of which the first says "continued"; and an output report that is none of our business.
const USUAL: &[u8] = &[
    0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x09, 0x12, 0xA1, 0x02, 0x85, 0x02, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08,
    0x95, 0x01, 0x05, 0x01, 0x09, 0x3B, 0x81, 0x02, 0x95, 0x03, 0x05, 0x8C, 0x09, 0xFB, 0x09, 0xFC, 0x09, 0xFD, 0x81,
    0x02, 0x95, 0x38, 0x09, 0xFE, 0x82, 0x02, 0x01, 0x06, 0x66, 0xFF, 0x95, 0x02, 0x09, 0x04, 0x09, 0x00, 0x81, 0x02,
    0x05, 0x8C, 0x25, 0x01, 0x75, 0x01, 0x95, 0x08, 0x09, 0xFF, 0x81, 0x02, 0xC0, 0x06, 0x66, 0xFF, 0x75, 0x08, 0x09,
    0x01, 0xA1, 0x02, 0x85, 0xFD, 0x95, 0x3E, 0x09, 0x22, 0x92, 0x82, 0x01, 0xC0, 0xC0,
];

/// Another maker: no numbers, the data first, usages with their page, one bit and seven of padding, no count.
const OTHER: &[u8] = &[
    0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x75, 0x08, 0x95, 0x3C, 0x0B, 0xFE, 0x00, 0x8C, 0x00, 0x81, 0x02, 0x19, 0xFB,
    0x29, 0xFD, 0x95, 0x03, 0x81, 0x02, 0x75, 0x01, 0x95, 0x01, 0x09, 0xFF, 0x81, 0x02, 0x75, 0x07, 0x81, 0x03, 0xC0,
];

fn usual(data: &[u8], more: bool) -> Vec<u8> {
    let mut report = vec![2, u8::try_from(data.len()).expect("a report"), b']', b'Q', b'1'];
    report.extend_from_slice(data);
    report.resize(63, 0);
    report.push(u8::from(more));
    report
}

/// What the framing makes of these reports.
fn decode(descriptor: &[u8], reports: &[Vec<u8>]) -> Vec<Result<String, DamageReason>> {
    let (mut joining, mut line) = (Joining::new(layouts(descriptor)), Vec::new());
    for report in reports {
        joining.report(Duration::ZERO, report, &mut line);
    }
    joining.tick(Duration::from_secs(1), &mut line);
    let (mut decoder, mut found) = (Decoder::new(Duration::from_millis(120)), Vec::new());
    decoder.feed(Duration::ZERO, &line, &mut |decoded| {
        found.push(match decoded {
            Decoded::Scan(text) => Ok(text.expose().to_owned()),
            Decoded::Damaged(reason, _) => Err(reason),
        });
    });
    assert!(decoder.idle(), "each code is ended");
    found
}

#[test]
fn the_fields_are_found_by_their_usages() {
    assert_eq!(layouts(USUAL), [Layout { id: Some(2), data: 5..61, count: Some(1), continued: Some((63, 0)) }]);
    assert_eq!(layouts(OTHER), [Layout { id: None, data: 0..60, count: None, continued: Some((63, 0)) }]);
    // A keyboard, nothing at all, a descriptor cut off in the middle, a field larger than any report.
    for none in
        [&[0x05, 0x01, 0x09, 0x06, 0xA1, 0x01, 0x75, 0x08, 0x95, 0x06, 0x81, 0x00, 0xC0][..], &[], &[0x26, 0x01]]
    {
        assert_eq!(layouts(none), []);
    }
    let huge = [0x05, 0x8C, 0x77, 0xFF, 0xFF, 0xFF, 0x7F, 0x97, 0xFF, 0xFF, 0xFF, 0x7F, 0x09, 0xFE, 0x81, 0x02];
    assert_eq!(layouts(&huge), []);
    let empty_fields = [0x05, 0x8C, 0x75, 0x00, 0x97, 0xFF, 0xFF, 0xFF, 0x7F, 0x09, 0xFE, 0x81, 0x02];
    assert_eq!(layouts(&empty_fields), [], "and at once: two thousand million fields of no size");
}

#[test]
fn one_report_is_one_code() {
    assert_eq!(decode(USUAL, &[usual(CODE.as_bytes(), false)]), [Ok(CODE.to_owned())]);
    let mut plain = CODE.as_bytes().to_vec();
    plain.resize(64, 0);
    assert_eq!(decode(OTHER, &[plain]), [Ok(CODE.to_owned())]);
    let ended = format!("{CODE}\r\n");
    assert_eq!(decode(USUAL, &[usual(ended.as_bytes(), false)]), [Ok(CODE.to_owned())]);
    let two = [usual(CODE.as_bytes(), false), usual(b"T-2", false)];
    assert_eq!(decode(USUAL, &two), [Ok(CODE.to_owned()), Ok("T-2".to_owned())]);
}

#[test]
fn a_long_code_is_joined_and_half_of_one_is_never_used() {
    let long = "https://qr.example/".to_owned() + &"x".repeat(60);
    let (head, tail) = long.as_bytes().split_at(56);
    assert_eq!(decode(USUAL, &[usual(head, true), usual(tail, false)]), [Ok(long.clone())]);
    assert_eq!(decode(USUAL, &[usual(&CODE.as_bytes()[..9], true)]), [Err(DamageReason::Noise)]);
    let chunks: Vec<Vec<u8>> = (0..6).map(|i| usual(&[b'1'; 56], i < 5)).collect();
    assert_eq!(decode(USUAL, &chunks), [Err(DamageReason::TooLong)]);
}

#[test]
fn what_is_no_code_is_nothing_and_what_is_spoilt_is_said() {
    assert_eq!(decode(USUAL, &[vec![4, 1, 0], vec![], vec![2], usual(b"", false), usual(b"\r\n", false)]), []);
    let mut lies = usual(CODE.as_bytes(), false);
    lies[1] = 200;
    assert_eq!(decode(USUAL, &[lies]), [Err(DamageReason::Noise)]);
    for inside in [&b"13456\r7890123456789"[..], b"\x0213456789012345678"] {
        assert_eq!(decode(USUAL, &[usual(inside, false)]), [Err(DamageReason::Noise)]);
    }
    assert_eq!(decode(USUAL, &[usual(b"]Q1134567890123456789", false)]), [Err(DamageReason::AimPrefix)]);
}

proptest! {
    /// No descriptor and no report of a broken device breaks the program, and no report yields what is not in it.
    #[test]
    fn nothing_a_device_says_breaks_the_reading(
        descriptor in proptest::collection::vec(any::<u8>(), 0..200),
        reports in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..80), 0..6),
    ) {
        decode(&descriptor, &reports);
        decode(USUAL, &reports);
    }

    #[test]
    fn a_code_of_any_length_comes_out_as_it_went_in(code in "[ -\\\\^-~]{1,250}") {
        let mut parts: Vec<&[u8]> = code.as_bytes().chunks(56).collect();
        let last = parts.pop().unwrap_or_default();
        let mut reports: Vec<Vec<u8>> = parts.iter().map(|part| usual(part, true)).collect();
        reports.push(usual(last, false));
        prop_assert_eq!(decode(USUAL, &reports), [Ok(code)]);
    }
}

/// A scanner that a test holds in its hand.
struct Hand(Receiver<Vec<u8>>);

impl Reports for Hand {
    fn next(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        match self.0.recv_timeout(wait) {
            Ok(report) => {
                buffer[..report.len()].copy_from_slice(&report);
                Ok(report.len())
            }
            Err(RecvTimeoutError::Timeout) => Ok(0),
            Err(RecvTimeoutError::Disconnected) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

/// One USB socket; what is plugged in can be opened by whoever may.
#[derive(Default)]
struct Socket {
    plugged: Mutex<Option<Receiver<Vec<u8>>>>,
    there: Mutex<bool>,
    denied: Mutex<bool>,
}

const PORT: &str = "/dev/hidraw7";

fn identity() -> DeviceIdentity {
    DeviceIdentity {
        vendor: 0x0C2E,
        product: 0x0B67,
        serial_number: None,
        interface: Some(0),
        place: Some("1-2".into()),
    }
}

impl Socket {
    fn plug(&self) -> Sender<Vec<u8>> {
        let (send, receive) = mpsc::channel();
        *self.plugged.lock().expect("socket") = Some(receive);
        *self.there.lock().expect("socket") = true;
        send
    }
}

impl Ports for Socket {
    fn list(&self) -> Vec<PortInfo> {
        let kind = PortKind::Usb { identity: identity(), label: Some("HID scanner".into()) };
        let there = *self.there.lock().expect("socket");
        there.then(|| PortInfo { name: PORT.into(), kind }).into_iter().collect()
    }

    fn open(&self, port: &str, _baud: u32) -> Result<Line, PortFault> {
        assert_eq!(port, PORT);
        if *self.denied.lock().expect("socket") {
            return Err(PortFault::NoRight);
        }
        let receive = self.plugged.lock().expect("socket").take().ok_or(PortFault::InUse)?;
        hid::line(Box::new(Hand(receive)), USUAL)
    }

    fn locate(&self, port: &str) -> Option<String> {
        self.there.lock().expect("socket").then(|| port.to_owned())
    }
}

fn next<E, T>(events: &Receiver<E>, mut pick: impl FnMut(E) -> Option<T>) -> T {
    loop {
        let event = events.recv_timeout(Duration::from_secs(20)).expect("the awaited event");
        if let Some(wanted) = pick(event) {
            return wanted;
        }
    }
}

#[test]
fn paired_read_pulled_out_and_back_like_a_serial_scanner() {
    let socket = Arc::new(Socket::default());
    let hand = socket.plug();
    let settings = ScannerSettings { source: Source::Auto, ..ScannerSettings::default() };
    let (tell, told) = mpsc::channel();
    let sink = move |event| drop(tell.send(event));
    let session =
        PairingSession::start(socket.clone(), &settings, &[], "WICKET-PAIR-1".into(), Duration::from_secs(20), sink)
            .expect("a session");
    hand.send(usual(b"WICKET-PAIR-1", false)).expect("sent");
    let device = next(&told, |event| match event {
        PairingEvent::Answered { device, .. } => Some(device),
        _ => None,
    });
    assert_eq!(device, identity());
    session.stop().expect("stops");

    let hand = socket.plug();
    let (tell, told) = mpsc::channel();
    let sink = move |event| drop(tell.send(event));
    let scanner = Scanner::start_on(socket.clone(), settings, vec![device], sink).expect("a scanner");
    let ready = |event: ScannerEvent| matches!(event, ScannerEvent::State(ScannerState::Ready { .. })).then_some(());
    next(&told, ready);
    hand.send(usual(CODE.as_bytes(), false)).expect("sent");
    let scan = |event: ScannerEvent| match event {
        ScannerEvent::Scan { text, .. } => Some(text.expose().to_owned()),
        _ => None,
    };
    assert_eq!(next(&told, scan), CODE);

    *socket.there.lock().expect("socket") = false;
    drop(hand);
    next(&told, |event| matches!(event, ScannerEvent::State(ScannerState::Lost { .. })).then_some(()));
    *socket.denied.lock().expect("socket") = true;
    *socket.there.lock().expect("socket") = true;
    let hint = next(&told, |event| match event {
        ScannerEvent::State(ScannerState::NoRight { hint, .. }) => Some(hint),
        _ => None,
    });
    let place = if cfg!(target_os = "linux") { "udev" } else { "Device Manager" };
    assert!(hint.contains(place), "a missing right is named with what to do: {hint}");
    *socket.denied.lock().expect("socket") = false;
    let hand = socket.plug();
    next(&told, ready);
    hand.send(usual(CODE.as_bytes(), false)).expect("sent");
    assert_eq!(next(&told, scan), CODE);
    scanner.stop().expect("stops");
}
