//! What the frame around a window does for a person, for this display has none: reads the title, and asks the window to close.

use std::time::Duration;

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, CLIENT_MESSAGE_EVENT, ClientMessageData, ClientMessageEvent, ConnectionExt, EventMask, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

use crate::place::Place;

/// A connection to the display, and the program's window on it.
struct Frame {
    display: RustConnection,
    window: Window,
}

impl Place {
    /// Asks the window to close as the cross in its frame does; whether it does is up to the program.
    pub fn ask_to_close(&self) {
        self.doing("ask the window to close");
        let Frame { display, window } = self.frame();
        let (protocols, delete) = (atom(&display, "WM_PROTOCOLS"), atom(&display, "WM_DELETE_WINDOW"));
        let message = ClientMessageEvent {
            response_type: CLIENT_MESSAGE_EVENT,
            format: 32,
            sequence: 0,
            window,
            type_: protocols,
            data: ClientMessageData::from([delete, x11rb::CURRENT_TIME, 0, 0, 0]),
        };
        display.send_event(false, window, EventMask::NO_EVENT, message).expect("a message").check().expect("delivered");
    }

    /// What stands in the frame of the window.
    pub fn title(&self) -> String {
        let Frame { display, window } = self.frame();
        let title = property(&display, window, "_NET_WM_NAME");
        String::from_utf8(title).expect("text")
    }

    /// Waits until this stands there.
    pub async fn await_title(&self, wanted: &str) {
        self.doing(&format!("await the title {wanted}"));
        let there = async {
            while self.title() != wanted {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let limit = Duration::from_secs(25);
        assert!(tokio::time::timeout(limit, there).await.is_ok(), "the title is {}", self.title());
    }

    fn frame(&self) -> Frame {
        let (display, screen) = x11rb::connect(Some(self.window.display())).expect("the display");
        let root = display.setup().roots[screen].root;
        let pid = u32::try_from(self.window.pid()).expect("a process");
        let window = find(&display, root, pid).expect("the program's window");
        Frame { display, window }
    }
}

/// The window of this process that a person sees.
fn find(display: &RustConnection, within: Window, pid: u32) -> Option<Window> {
    let children = display.query_tree(within).ok()?.reply().ok()?.children;
    let is_it = |window: &Window| {
        let seen = display.get_window_attributes(*window).ok().and_then(|cookie| cookie.reply().ok());
        let owner = property(display, *window, "_NET_WM_PID");
        seen.is_some_and(|seen| seen.map_state == MapState::VIEWABLE) && owner == pid.to_ne_bytes()
    };
    let found = children.iter().copied().find(is_it);
    found.or_else(|| children.into_iter().find_map(|child| find(display, child, pid)))
}

fn property(display: &RustConnection, window: Window, name: &str) -> Vec<u8> {
    let cookie = display.get_property(false, window, atom(display, name), AtomEnum::ANY, 0, 1024).expect("a property");
    cookie.reply().map(|reply| reply.value).unwrap_or_default()
}

fn atom(display: &RustConnection, name: &str) -> u32 {
    display.intern_atom(false, name.as_bytes()).expect("a name").reply().expect("its number").atom
}
