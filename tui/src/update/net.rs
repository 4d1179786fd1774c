//! What the service said.

use super::{acts, customers, deed, inbox, modal, monitor, pages, palette, unmask, wizard};
use crate::{
    event::*,
    state::{Link, Modal, Screen, Stage, State, Tone, form::Purpose, line::LineEdit, player::Sound, wizard::Step},
};
use hutong_api::{
    catalogue::Kind,
    live::{Command, RefusalText, ServerMsg},
    page::*,
};

pub fn take(state: &mut State, event: NetEvent) -> Vec<Request> {
    match event {
        NetEvent::LoggedIn(session) => return logged_in(state, *session),
        NetEvent::LoginRefused(refusal) => login_failed(state, refusal.text),
        NetEvent::LoginFailed(why) => {
            let text = state.fill("login.no_answer", &[("why", &why)]);
            login_failed(state, text);
        }
        NetEvent::Certificate { fingerprint, known } => {
            state.login.waiting = false;
            state.stage = Stage::Trust { fingerprint, known };
        }
        NetEvent::LinkUp => state.link = Link::Up,
        NetEvent::LinkDown { retry_at } => {
            // Old news must not hide this.
            if state.link == Link::Up {
                state.toast = None;
            }
            state.link = Link::Down { retry_at };
            state.pending.clear();
        }
        NetEvent::Live(msg) => return live(state, msg),
        NetEvent::Catalogue(pages) => return catalogue(state, pages),
        NetEvent::List { tag, reply, .. } if customers::took(state, tag, &reply) => {}
        NetEvent::List { tag, reply, .. } if palette::took(state, tag, &reply) => return palette::find(state),
        NetEvent::List { page, tag, reply } => list(state, &page, tag, reply),
        NetEvent::Row { page, reply } => row(state, &page, reply),
        NetEvent::Numbers { page, reply } => unmask::told(state, page, reply),
        NetEvent::Monitor(seen) => monitor::told(state, *seen),
        NetEvent::Notices(notices) => inbox::listed(state, notices),
        NetEvent::NoticeRead => {}
        NetEvent::Options { page, field, choices } => options(state, page, field, choices),
        NetEvent::Saved { page, id } => return saved(state, &page, id),
        NetEvent::ActionDone { page, reply } => return deed::done(state, &page, reply),
        NetEvent::Undone(reply) => return deed::undone(state, &reply),
        NetEvent::Permissions(groups) => state.permissions = groups,
        NetEvent::Looked(look) => wizard::looked(state, look),
        NetEvent::Spoken(session) => {
            state.lang = session.lang;
            state.session = Some(*session);
            return vec![Request::Catalogue];
        }
        NetEvent::Import(status) => return import(state, status),
        NetEvent::FileSaved(path) => {
            let text = state.fill("did.saved_file", &[("path", &path.display().to_string())]);
            state.say(Tone::Good, text);
        }
        NetEvent::Peaks { call, peaks } => {
            if let Some(player) = state.player.as_mut().filter(|p| p.call == call) {
                player.peaks = Some(peaks);
            }
        }
        NetEvent::Recording { call, wav } => {
            if state.player.as_ref().is_some_and(|p| p.call == call && p.sound == Sound::Loading) {
                return vec![Request::Audio(AudioRequest::Load(wav))];
            }
        }
        NetEvent::Refused { about, refusal } => refused(state, &about, refusal),
    }
    Vec::new()
}

fn logged_in(state: &mut State, session: Session) -> Vec<Request> {
    // A silent new login after a restart of the service leaves the person where he was.
    let again = state.stage == Stage::Open && state.session.is_some();
    state.lang = session.lang;
    if let (false, Ok(zone)) = (state.own_zone, jiff::tz::TimeZone::get(&session.zone)) {
        state.zone = zone;
    }
    state.session = Some(session);
    state.login.waiting = false;
    state.login.error = None;
    state.stage = Stage::Open;
    if !again {
        state.login.fields[2] = LineEdit::default();
        state.screen = state.screens().into_iter().next().unwrap_or(Screen::Live);
    }
    vec![Request::Catalogue, Request::Notices]
}

fn login_failed(state: &mut State, text: String) {
    state.stage = Stage::Login;
    state.session = None;
    state.modal = None;
    state.login.waiting = false;
    state.login.error = Some(text);
}

fn live(state: &mut State, msg: ServerMsg) -> Vec<Request> {
    match msg {
        ServerMsg::Board(msg) => {
            state.skew = msg.at - state.now;
            if !state.board.take(msg) {
                return vec![Request::Send { req: 0, cmd: Command::WatchBoard { on: true } }];
            }
        }
        ServerMsg::Reply { req, refusal } => {
            let asked = state.pending.remove(&req);
            match (refusal, asked) {
                (Some(refusal), _) => state.say(Tone::Bad, refusal.text),
                (None, Some(done)) => state.say(Tone::Good, done),
                (None, None) => {}
            }
        }
        ServerMsg::Import(status) => return import(state, status),
        ServerMsg::Toast(toast) => state.say(Tone::Plain, toast.text),
        ServerMsg::Bye(why) => {
            login_failed(state, why.text);
            return vec![Request::Logout];
        }
        ServerMsg::Message { from, text, at } => {
            state.say(Tone::Plain, format!("{from}: {text}"));
            state.inbox.heard(from, text, at);
        }
        ServerMsg::Changed { page } => {
            let mut requests = pages::changed(state, &page);
            // The fields of a company are part of its catalogue.
            if page == "customer_fields" {
                requests.push(Request::Catalogue);
            }
            if page == "notices" {
                requests.push(Request::Notices);
            }
            if page == "activities" || page == "calls" {
                state.history.customer = None;
            }
            state.options.retain(|(of, _), _| *of != page);
            return requests;
        }
        // An agent's own matters; the console takes no calls.
        ServerMsg::Seat(_) | ServerMsg::Pop(_) | ServerMsg::CallOver { .. } => {}
    }
    Vec::new()
}

fn catalogue(state: &mut State, pages: Vec<hutong_api::catalogue::PageView>) -> Vec<Request> {
    state.catalogue = pages;
    let screens = state.screens();
    let here = state.tab_of(&state.screen);
    let page_stands = !matches!(&state.screen, Screen::Page(id) if state.view_of(id).is_none());
    if page_stands && screens.iter().any(|s| state.tab_of(s) == here) {
        return match state.screen {
            Screen::Page(_) | Screen::Log => pages::load(state),
            _ => Vec::new(),
        };
    }
    match screens.into_iter().next() {
        Some(first) => acts::show(state, first),
        None => Vec::new(),
    }
}

fn list(state: &mut State, page: &str, tag: u64, reply: ListReply) {
    let now = state.now;
    let Some(screen) = state.pages.get_mut(page).filter(|p| p.tag == tag) else { return };
    screen.loading = false;
    screen.loaded_at = now;
    screen.rows = reply.rows;
    screen.total = reply.total;
    screen.page = reply.page.max(1);
    screen.size = reply.size.max(1);
    screen.more = reply.more;
    screen.notes = reply.notes;
    let ids = screen.ids();
    screen.cursor.settle(&ids);
}

fn row(state: &mut State, page: &str, reply: RowReply) {
    if page == "campaigns" && state.campaigns.detail.is_some_and(|id| id.0 == reply.id) {
        state.campaigns.values = reply.values.clone();
    }
    let Some(Modal::Form(form)) = &mut state.modal else { return };
    if form.page != page || form.purpose != Purpose::Edit(reply.id) {
        return;
    }
    form.waiting = false;
    for field in &mut form.fields {
        if let Some(value) = reply.values.get(&field.id) {
            field.set(value);
        }
    }
}

fn options(state: &mut State, page: String, field: String, choices: Vec<Choice>) {
    if let Some(Modal::Form(form)) = &mut state.modal
        && form.page == page
        && let Some(shown) = form.fields.iter_mut().find(|f| f.id == field)
    {
        shown.choices = choices.clone();
    }
    state.options.insert((page, field), choices);
}

/// A saved form closes; a file named in it goes up to the new row.
fn saved(state: &mut State, page: &str, id: i64) -> Vec<Request> {
    let mut requests = Vec::new();
    let text = state.t("did.saved").to_owned();
    state.say(Tone::Good, text);
    if let Some(Modal::Form(form)) = state.modal.take_if(|m| matches!(m, Modal::Form(f) if f.page == page)) {
        let file = form
            .fields
            .iter()
            .find(|f| f.kind == Kind::File && !f.locked && f.changed() && !f.value().trim().is_empty());
        if let (Purpose::New | Purpose::Edit(_), Some(file)) = (form.purpose, file) {
            let campaign = (page == "campaigns" && form.purpose == Purpose::New).then_some(id);
            let sync = form.fields.iter().any(|f| f.id == "sync_customers" && f.value() == "true");
            let path = modal::path(file.value());
            match campaign {
                Some(_) => requests.extend(modal::upload(state, page.to_owned(), campaign, sync, path)),
                None => requests.push(Request::RowFile { page: page.into(), id, path }),
            }
        }
    }
    requests.extend(pages::changed(state, page));
    requests
}

fn import(state: &mut State, status: ImportStatus) -> Vec<Request> {
    let now = state.now;
    let Some(import) = &mut state.import else { return Vec::new() };
    // News may come twice and late: by the socket and by the answer to a poll.
    let older = import.status.as_ref().is_some_and(|known| rank(known.stage) > rank(status.stage));
    if older {
        return Vec::new();
    }
    let done = rank(status.stage) == 2;
    // Passwords are given once: they are saved beside the file as soon as there are any.
    let fresh = import.status.as_ref().is_none_or(|known| rank(known.stage) < 2);
    let passwords = (done && fresh && status.passwords).then(|| Request::Download {
        path: format!("/api/import/{}/passwords", status.batch),
        into: import.path.with_extension("passwords.csv"),
    });
    import.since = now;
    import.status = Some(status.clone());
    if !done {
        return Vec::new();
    }
    wizard::done(state, &status);
    if state.wizard.step == Step::Run {
        if state.screen != Screen::Import {
            let text = crate::view::import::counts(state, &status);
            state.say(Tone::Good, text);
        }
    } else if !matches!(state.modal, Some(Modal::Import)) {
        let (tone, text) = match &status.refusal {
            Some(refusal) => (Tone::Bad, refusal.text.clone()),
            None => (Tone::Good, crate::view::import::counts(state, &status)),
        };
        state.say(tone, text);
        state.import = None;
    }
    let page = state.page_id().map(str::to_owned);
    let changed = page.map_or_else(Vec::new, |page| pages::changed(state, &page));
    passwords.into_iter().chain(changed).collect()
}

fn rank(stage: ImportStage) -> u8 {
    match stage {
        ImportStage::Reading => 0,
        ImportStage::Storing => 1,
        ImportStage::Done | ImportStage::Refused => 2,
    }
}

/// An HTTP request came to nothing: said where the person is looking.
fn refused(state: &mut State, about: &About, refusal: RefusalText) {
    match about {
        About::List(page) => {
            customers::refused(state, page);
            palette::refused(state);
            let now = state.now;
            if let Some(page) = state.pages.get_mut(page) {
                page.loading = false;
                page.loaded_at = now;
            }
        }
        About::Save => {
            if let Some(Modal::Form(form)) = &mut state.modal {
                form.waiting = false;
                form.error = Some(refusal.text);
                return;
            }
        }
        About::Look => return wizard::refused(state, refusal.text),
        About::Upload => {
            state.import = None;
            if state.wizard.step == Step::Run {
                return wizard::refused(state, refusal.text);
            }
            state.modal = state.modal.take().filter(|m| !matches!(m, Modal::Import));
        }
        About::Recording(call) => {
            if let Some(player) = state.player.as_mut().filter(|p| p.call == *call && p.sound == Sound::Loading) {
                player.sound = Sound::BadFile;
            }
        }
        About::Monitor => return monitor::refused(state),
        About::Other => {
            // The row a form waits for did not come.
            if state.modal.as_ref().is_some_and(|m| matches!(m, Modal::Form(form) if form.waiting)) {
                state.modal = None;
            }
        }
    }
    state.say(Tone::Bad, refusal.text);
}
