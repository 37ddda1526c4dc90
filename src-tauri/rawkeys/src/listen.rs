//! Raw Input itself: a thread that has every key of the machine told to it.
#![allow(
    unsafe_code,
    reason = "the system's interface is C; every call below keeps to what its documentation asks for"
)]

use std::io;
use std::ptr::{null, null_mut};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Instant;

use windows_sys::Win32::Foundation::HWND;
use windows_sys::Win32::System::Threading::{GetCurrentProcessId, GetCurrentThreadId};
use windows_sys::Win32::UI::Input::{
    GetRawInputData, HRAWINPUT, RAWINPUT, RAWINPUTDEVICE, RAWINPUTHEADER, RAWKEYBOARD, RID_INPUT, RIDEV_INPUTSINK,
    RIDEV_REMOVE, RIM_TYPEKEYBOARD, RegisterRawInputDevices,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DefWindowProcW, DestroyWindow, DispatchMessageW, GetForegroundWindow, GetMessageW,
    GetWindowThreadProcessId, HWND_MESSAGE, MSG, PostThreadMessageW, RI_KEY_BREAK, WM_INPUT, WM_QUIT,
};
use windows_sys::w;

use crate::{RawKey, place};

/// Keyboards among all devices: page and usage of the HID tables.
const KEYBOARDS: (u16, u16) = (0x01, 0x06);

/// Listens until it is dropped. One process has one of these at a time: the system tells the keys to the last who asked.
pub struct Listener {
    thread_id: u32,
    thread: Option<JoinHandle<()>>,
}

impl Listener {
    /// Begins to listen; each key goes to `deliver`, on a thread of the listener's own, which `deliver` must not hold up.
    ///
    /// While a program with more rights than this one is in front, the system tells nothing.
    ///
    /// # Errors
    /// The system's own: no window or no thread could be made, or it does not tell keys here.
    pub fn begin(deliver: impl FnMut(RawKey) + Send + 'static) -> io::Result<Self> {
        let (begun, begins) = mpsc::sync_channel(1);
        let thread = thread::Builder::new().name("keys-raw".into()).spawn(move || {
            match Ear::open() {
                Ok(ear) => {
                    // SAFETY: takes nothing and cannot fail.
                    if begun.send(Ok(unsafe { GetCurrentThreadId() })).is_ok() {
                        ear.listen(deliver);
                    }
                }
                // Whoever asked is waiting for it.
                Err(error) => drop(begun.send(Err(error))),
            }
        })?;
        let thread_id = begins.recv().map_err(|_| io::Error::other("the listener ended before it began"))??;
        Ok(Self { thread_id, thread: Some(thread) })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // SAFETY: plain numbers; a thread that is gone already makes it fail, and then there is nothing to end.
        unsafe { PostThreadMessageW(self.thread_id, WM_QUIT, 0, 0) };
        if let Some(thread) = self.thread.take() {
            // It panics only with `deliver`, which has said so by then.
            let _ = thread.join();
        }
    }
}

/// A window that nobody sees; the system posts to it. It lives on the thread that made it.
struct Ear(HWND);

impl Ear {
    fn open() -> io::Result<Self> {
        // SAFETY: a class that every system has, no parent but the one for unseen windows, and no pointer that is kept.
        let window = unsafe {
            CreateWindowExW(0, w!("STATIC"), null(), 0, 0, 0, 0, 0, HWND_MESSAGE, null_mut(), null_mut(), null())
        };
        if window.is_null() {
            return Err(io::Error::last_os_error());
        }
        let ear = Self(window);
        register(RIDEV_INPUTSINK, window)?;
        Ok(ear)
    }

    fn listen(self, mut deliver: impl FnMut(RawKey)) {
        let mut message = MSG::default();
        loop {
            // SAFETY: `message` is this function's own and is written whole before it is read.
            let got = unsafe { GetMessageW(&raw mut message, null_mut(), 0, 0) };
            // 0 is the end, -1 a failure after which nothing more would come.
            if got <= 0 {
                return;
            }
            if message.message != WM_INPUT {
                // SAFETY: the message as it was received.
                unsafe { DispatchMessageW(&raw const message) };
                continue;
            }
            let arrived = Instant::now();
            let told = told(message.lParam as HRAWINPUT);
            // SAFETY: the message as it was received; the system frees what came with it.
            unsafe { DefWindowProcW(message.hwnd, message.message, message.wParam, message.lParam) };
            let Some((header, key)) = told else { continue };
            let Some(code) = place::code(key.MakeCode, key.Flags, key.VKey) else { continue };
            deliver(RawKey {
                // Handles of the system have 32 bits that count, in programs of 64 as well.
                device: header.hDevice as usize as u32,
                time: message.time,
                arrived,
                code,
                down: u32::from(key.Flags) & RI_KEY_BREAK == 0,
                here: is_in_front(),
            });
        }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        // Nothing is left to be done where the system will not forget: the window it would tell is going.
        let _ = register(RIDEV_REMOVE, null_mut());
        // SAFETY: this thread made the window, and nobody else has it.
        unsafe { DestroyWindow(self.0) };
    }
}

fn register(flags: u32, window: HWND) -> io::Result<()> {
    let device = RAWINPUTDEVICE { usUsagePage: KEYBOARDS.0, usUsage: KEYBOARDS.1, dwFlags: flags, hwndTarget: window };
    // SAFETY: one device, with the size of one; nothing of it is kept.
    let done = unsafe { RegisterRawInputDevices(&raw const device, 1, size_of::<RAWINPUTDEVICE>() as u32) };
    if done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// What the system tells of a key; nothing for anything else than a keyboard.
fn told(input: HRAWINPUT) -> Option<(RAWINPUTHEADER, RAWKEYBOARD)> {
    let mut raw = RAWINPUT::default();
    let mut size = size_of::<RAWINPUT>() as u32;
    // SAFETY: `raw` has room for `size` bytes; what a keyboard sends has always less, and more would be refused.
    let read = unsafe {
        GetRawInputData(input, RID_INPUT, (&raw mut raw).cast(), &raw mut size, size_of::<RAWINPUTHEADER>() as u32)
    };
    if read == u32::MAX || raw.header.dwType != RIM_TYPEKEYBOARD {
        return None;
    }
    // SAFETY: the header says that it is a keyboard's.
    Some((raw.header, unsafe { raw.data.keyboard }))
}

/// Whether the window in front is this program's.
fn is_in_front() -> bool {
    let mut process = 0;
    // SAFETY: both take what they get; no window in front leaves `process` as it is, and no program has the number 0.
    unsafe { GetWindowThreadProcessId(GetForegroundWindow(), &raw mut process) };
    // SAFETY: takes nothing and cannot fail.
    process == unsafe { GetCurrentProcessId() }
}
