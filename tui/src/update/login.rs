//! The three-part login, and the first sight of a certificate.

use crate::{
    event::Request,
    state::{Stage, State},
};
use ratatui::crossterm::event::{KeyCode, KeyEvent};

const PASSWORD: usize = 2;

pub fn begin(state: &mut State, company: &str, account: &str, password: Option<&str>) -> Vec<Request> {
    for (field, value) in state.login.fields.iter_mut().zip([company, account, password.unwrap_or_default()]) {
        field.clear();
        field.insert(value);
    }
    state.stage = Stage::Login;
    state.login.focus = state.login.fields.iter().position(|f| f.text().is_empty()).unwrap_or(PASSWORD);
    if password.is_some() { submit(state) } else { Vec::new() }
}

pub fn press(state: &mut State, key: KeyEvent) -> Vec<Request> {
    match key.code {
        KeyCode::F(2) => {
            state.lang = match state.lang {
                hutong_api::Lang::Zh => hutong_api::Lang::En,
                hutong_api::Lang::En => hutong_api::Lang::Zh,
            };
        }
        KeyCode::Tab | KeyCode::Down => state.login.focus = (state.login.focus + 1) % 3,
        KeyCode::BackTab | KeyCode::Up => state.login.focus = (state.login.focus + 2) % 3,
        KeyCode::Enter if state.login.waiting => {}
        KeyCode::Enter => match state.login.fields.iter().position(|f| f.text().is_empty()) {
            Some(empty) => state.login.focus = empty,
            None => return submit(state),
        },
        _ => {
            state.login.fields[state.login.focus].key(key);
        }
    }
    Vec::new()
}

pub fn trust(state: &mut State, key: KeyEvent) -> Vec<Request> {
    let Stage::Trust { fingerprint, .. } = &state.stage else { return Vec::new() };
    let fingerprint = fingerprint.clone();
    match key.code {
        KeyCode::Char('y') => {
            let mut requests = vec![Request::Trust(fingerprint)];
            state.stage = Stage::Login;
            requests.extend(submit(state));
            requests
        }
        KeyCode::Char('n') | KeyCode::Esc => {
            state.stage = Stage::Login;
            state.login.waiting = false;
            state.login.error = Some(state.t("login.not_trusted").into());
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn submit(state: &mut State) -> Vec<Request> {
    let [company, account, password] = [0, 1, 2].map(|i| state.login.fields[i].text().to_owned());
    state.login.waiting = true;
    state.login.error = None;
    vec![Request::Login { company: company.trim().into(), account: account.trim().into(), password, lang: state.lang }]
}
