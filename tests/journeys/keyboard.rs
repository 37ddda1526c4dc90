//! A scanner that types, and a person's hands: real keys of the display, through the server and whatever has the focus.

use std::time::Duration;

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xinput::{ConnectionExt as _, Device, EventMask as Watched, XIEventMask};
use x11rb::protocol::xproto::{
    AtomEnum, ConnectionExt as _, CreateWindowAux, EventMask, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MapState,
    Window, WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

/// Key codes of X11 are the kernel's and 8 more.
const CODES_FROM: u8 = 8;
/// A scanner holds no key longer.
const HOLD_MS: u32 = 10;

pub struct Keyboard {
    connection: RustConnection,
    root: Window,
}

impl Keyboard {
    /// The keyboard of a display.
    pub fn of(display: &str) -> Self {
        let (connection, screen) = RustConnection::connect(Some(display)).expect("the display");
        let root = connection.setup().roots[screen].root;
        connection.xinput_xi_query_version(2, 2).expect("sent").reply().expect("XInput 2");
        let presses = [Watched { deviceid: Device::ALL_MASTER.into(), mask: vec![XIEventMask::RAW_KEY_PRESS] }];
        connection.xinput_xi_select_events(root, &presses).expect("sent").check().expect("every key");
        Self { connection, root }
    }

    /// Types keys a gap apart; the display itself keeps the time. `\r` is Enter, `\t` Tab, `⇪` Caps Lock. Back come the pauses
    /// between its presses by the display's own clock: on a busy machine it is late.
    pub fn types(&self, keys: &str, gap: Duration) -> Vec<Duration> {
        let gap = u32::try_from(gap.as_millis()).expect("milliseconds");
        for key in keys.chars() {
            let (code, shift) = place(key);
            let hold = (gap / 2).min(HOLD_MS);
            if shift {
                self.moves(KEY_PRESS_EVENT, 42, 0);
            }
            self.moves(KEY_PRESS_EVENT, code, gap - hold);
            self.moves(KEY_RELEASE_EVENT, code, hold);
            if shift {
                self.moves(KEY_RELEASE_EVENT, 42, 0);
            }
        }
        // Answered once the server has done all of it.
        self.connection.get_input_focus().expect("sent").reply().expect("the display");
        self.pauses()
    }

    fn pauses(&self) -> Vec<Duration> {
        let mut pressed = Vec::new();
        while let Some(event) = self.connection.poll_for_event().expect("the display") {
            if let Event::XinputRawKeyPress(key) = event {
                pressed.push(key.time);
            }
        }
        pressed.windows(2).map(|two| Duration::from_millis(two[1].wrapping_sub(two[0]).into())).collect()
    }

    fn moves(&self, kind: u8, code: u8, after: u32) {
        let detail = code + CODES_FROM;
        self.connection.xtest_fake_input(kind, detail, after, x11rb::NONE, 0, 0, 0).expect("a key");
    }

    /// Gives the focus to the program's window.
    pub fn to_front(&self, title: &str) {
        let window = self.find(self.root, title).expect("the program's window");
        self.focus(window);
    }

    /// Another program's window, in front of everything.
    pub fn other_window(&self) {
        let window = self.connection.generate_id().expect("an id");
        let aux = CreateWindowAux::new().event_mask(EventMask::KEY_PRESS | EventMask::STRUCTURE_NOTIFY);
        self.connection
            .create_window(
                x11rb::COPY_DEPTH_FROM_PARENT,
                window,
                self.root,
                100,
                100,
                640,
                480,
                0,
                WindowClass::INPUT_OUTPUT,
                0,
                &aux,
            )
            .expect("a window");
        self.connection.map_window(window).expect("shown");
        self.focus(window);
    }

    /// Another program's text is marked now: the display has one marked text, and whoever had it before loses its mark.
    pub fn text_is_marked_elsewhere(&self) {
        let window = self.connection.generate_id().expect("an id");
        let (aux, class, parents) = (CreateWindowAux::new(), WindowClass::INPUT_ONLY, x11rb::COPY_FROM_PARENT);
        self.connection.create_window(0, window, self.root, 0, 0, 1, 1, 0, class, parents, &aux).expect("a window");
        let taken = self.connection.set_selection_owner(window, AtomEnum::PRIMARY.into(), x11rb::CURRENT_TIME);
        taken.expect("sent").check().expect("the marked text");
    }

    fn focus(&self, window: Window) {
        let now = x11rb::CURRENT_TIME;
        self.connection.set_input_focus(InputFocus::PARENT, window, now).expect("sent").check().expect("the focus");
    }

    fn find(&self, from: Window, title: &str) -> Option<Window> {
        let tree = self.connection.query_tree(from).expect("sent").reply().expect("the windows");
        tree.children.into_iter().find_map(|window| {
            let name = self.connection.get_property(false, window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 256);
            let name = name.expect("sent").reply().map(|name| name.value).unwrap_or_default();
            // The toolkit keeps a window of the same name that is never shown.
            let shown = self.connection.get_window_attributes(window).expect("sent").reply();
            let shown = shown.is_ok_and(|window| window.map_state == MapState::VIEWABLE);
            let found = shown && String::from_utf8_lossy(&name).contains(title);
            if found { Some(window) } else { self.find(window, title) }
        })
    }
}

/// The kernel's code of a key, and whether Shift goes with it.
fn place(key: char) -> (u8, bool) {
    let row =
        |first: u8, keys: &str| keys.find(key.to_ascii_lowercase()).map(|at| first + u8::try_from(at).expect("a key"));
    let code = match key {
        '\r' => 28,
        '\t' => 15,
        '⇪' => 58,
        _ => row(2, "1234567890-")
            .or_else(|| row(16, "qwertyuiop"))
            .or_else(|| row(30, "asdfghjkl"))
            .or_else(|| row(44, "zxcvbnm,."))
            .expect("a key of the board"),
    };
    (code, key.is_ascii_uppercase())
}
