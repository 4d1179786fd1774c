//! Stored words of the audit as people read them: by the catalogue's own names, so that a new page's buttons need no list here.

use hutong_api::{Lang, catalogue, texts};

/// "calls.play", or "edit" of an object such as "seats:4".
pub fn action(lang: Lang, action: &str, object: &str) -> String {
    let (page, id) = match action.split_once('.') {
        Some(pair) => pair,
        None => (page_of(object), action),
    };
    known(lang, &format!("catalogue.{page}.action.{id}"))
        .or_else(|| known(lang, &format!("catalogue.permission.{action}")))
        .or_else(|| known(lang, &format!("catalogue.choice.deed_{action}")))
        .unwrap_or(action)
        .to_owned()
}

/// "seats:4" → 坐席设置 4, "page:calls" → 通话记录.
pub fn object(lang: Lang, object: &str) -> String {
    let Some((kind, id)) = object.split_once(':') else { return object.to_owned() };
    let title = |page: &str| catalogue::find(page).and_then(|_| known(lang, &format!("catalogue.{page}.title")));
    match kind {
        "page" => title(id).unwrap_or(id).to_owned(),
        _ => format!("{} {id}", title(page_of(object)).unwrap_or(kind)),
    }
}

fn page_of(object: &str) -> &str {
    match object.split_once(':') {
        Some(("page", page)) => page,
        Some(("call", _)) => "calls",
        Some(("seat", _)) => "seats",
        Some((page, _)) => page,
        None => object,
    }
}

fn known(lang: Lang, key: &str) -> Option<&'static str> {
    texts::catalogue(lang).get(key).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_words_read_as_the_buttons_they_were() {
        let both = |a: &str, o: &str| format!("{} | {}", action(Lang::Zh, a, o), object(Lang::Zh, o));
        assert_eq!(both("calls.play", "call:17"), format!("{} | 通话记录 17", action(Lang::Zh, "play", "page:calls")));
        assert_eq!(both("edit", "seats:4"), "编辑 | 坐席设置 4");
        assert_eq!(both("export", "page:calls"), "导出 | 通话记录");
        assert_eq!(both("seats.message", "seats:4"), "给坐席发消息 | 坐席设置 4");
        assert_eq!(both("login", "seat:4"), "登录 | 坐席设置 4");
        assert_eq!(both("nonsense", "nothing"), "nonsense | nothing");
    }
}
