//! The catalogue as one session sees it: its language, its permissions.

use super::{
    Action, ActionView, ColumnView, Field, FieldView, Filter, FilterView, OpensView, Page, PageView, Permissions, all,
};
use crate::{Lang, page::Choice, texts::text};

/// The pages with `<page>.view`, each with the permitted actions only, in menu order.
pub fn views(lang: Lang, permissions: &Permissions) -> Vec<PageView> {
    all()
        .iter()
        .filter(|page| permissions.allows(&page.word("view")))
        .map(|page| page_view(page, lang, permissions))
        .collect()
}

/// One page with the permitted actions, whether or not it may be looked at.
pub fn page_view(page: &Page, lang: Lang, permissions: &Permissions) -> PageView {
    let title = |part: &str, id: &str| text(lang, &key(page, part, id)).to_owned();
    PageView {
        id: page.id.to_owned(),
        menu: page.menu.to_owned(),
        menu_title: text(lang, &format!("catalogue.menu.{}", page.menu)).to_owned(),
        title: text(lang, &format!("catalogue.{}.title", page.id)).to_owned(),
        columns: page
            .columns
            .iter()
            .map(|c| ColumnView { id: c.id.to_owned(), title: title("col", c.id), kind: c.kind, width: c.width })
            .collect(),
        filters: page.filters.iter().map(|f| filter_view(f, title("filter", f.id), lang)).collect(),
        form: page.form.iter().map(|f| field_view(page, f, lang)).collect(),
        actions: page
            .actions
            .iter()
            .filter(|action| permissions.allows(&page.word(action.id)) && leads(action, permissions))
            .map(|action| action_view(page, action, lang))
            .collect(),
        view: page.view.map(str::to_owned),
    }
}

fn filter_view(filter: &Filter, title: String, lang: Lang) -> FilterView {
    FilterView {
        id: filter.id.to_owned(),
        title,
        kind: filter.kind,
        choices: choices(filter.choices, lang),
        options_from: filter.options_from.map(str::to_owned),
    }
}

/// A field of the form or of what an action asks, as a reader of this language sees it.
pub fn field_view(page: &Page, field: &Field, lang: Lang) -> FieldView {
    let shown = |part: &str, id: &str| text(lang, &key(page, part, id)).to_owned();
    FieldView {
        id: field.id.to_owned(),
        title: shown("field", field.id),
        kind: field.kind,
        required: field.required,
        max_chars: field.max_chars,
        choices: choices(field.choices, lang),
        options_from: field.options_from.map(str::to_owned),
        default: field.default.to_owned(),
        fixed: field.fixed,
        advanced: field.advanced,
        group: if field.group.is_empty() { String::new() } else { shown("group", field.group) },
        hint: if field.hint { shown("hint", field.id) } else { String::new() },
        width: 0,
        popped: true,
    }
}

/// A button that leads to a page is there for whoever may look at that page.
fn leads(action: &Action, permissions: &Permissions) -> bool {
    action.opens.is_none_or(|opens| permissions.allows(&format!("{}.view", opens.page)))
}

fn action_view(page: &Page, action: &Action, lang: Lang) -> ActionView {
    ActionView {
        id: action.id.to_owned(),
        title: text(lang, &key(page, "action", action.id)).to_owned(),
        place: action.place,
        confirm: action.confirm,
        asks: action.asks.iter().map(|field| field_view(page, field, lang)).collect(),
        all: action.all,
        opens: action.opens.map(|opens| OpensView { page: opens.page.to_owned(), filter: opens.filter.to_owned() }),
    }
}

fn choices(codes: &[&str], lang: Lang) -> Vec<Choice> {
    let choice = |code: &&str| Choice {
        value: (*code).to_owned(),
        label: text(lang, &format!("catalogue.choice.{code}")).to_owned(),
    };
    codes.iter().map(choice).collect()
}

fn key(page: &Page, part: &str, id: &str) -> String {
    format!("catalogue.{}.{part}.{id}", page.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{catalogue::Kind, texts::catalogue};
    use std::collections::BTreeSet;

    fn needed() -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for page in all() {
            keys.insert(format!("catalogue.menu.{}", page.menu));
            keys.insert(format!("catalogue.{}.title", page.id));
            keys.extend(page.columns.iter().map(|c| key(page, "col", c.id)));
            keys.extend(page.filters.iter().map(|f| key(page, "filter", f.id)));
            keys.extend(page.fields().map(|f| key(page, "field", f.id)));
            keys.extend(page.fields().filter(|f| f.hint).map(|f| key(page, "hint", f.id)));
            keys.extend(page.fields().filter(|f| !f.group.is_empty()).map(|f| key(page, "group", f.group)));
            keys.extend(page.actions.iter().map(|a| key(page, "action", a.id)));
            let codes = page.filters.iter().flat_map(|f| f.choices).chain(page.fields().flat_map(|f| f.choices));
            keys.extend(codes.map(|code| format!("catalogue.choice.{code}")));
        }
        keys.extend(super::super::permission::EXTRA.iter().map(|word| format!("catalogue.permission.{word}")));
        keys.extend(["view", "floor"].map(|word| format!("catalogue.permission.{word}")));
        keys.extend(super::super::BUILT_IN_ROLES.iter().map(|role| format!("catalogue.role.{}", role.code)));
        keys
    }

    #[test]
    fn every_text_the_catalogue_needs_exists_in_both_languages() {
        for lang in [Lang::Zh, Lang::En] {
            let missing: Vec<_> = needed().into_iter().filter(|k| !catalogue(lang).contains_key(k)).collect();
            assert_eq!(missing, Vec::<String>::new(), "{lang:?}");
        }
    }

    #[test]
    fn ids_are_unique_and_selects_have_choices() {
        let ids: BTreeSet<_> = all().iter().map(|page| page.id).collect();
        assert_eq!(ids.len(), all().len());
        for page in all() {
            for (id, kind, some) in page
                .filters
                .iter()
                .map(|f| (f.id, f.kind, !f.choices.is_empty() || f.options_from.is_some()))
                .chain(page.fields().map(|f| (f.id, f.kind, !f.choices.is_empty() || f.options_from.is_some())))
            {
                assert_eq!(matches!(kind, Kind::Select | Kind::Choices), some, "{}.{id}", page.id);
            }
        }
    }

    #[test]
    fn a_view_holds_only_what_is_permitted() {
        let agent = Permissions::of(["calls.view", "calls.play"]);
        let pages = views(Lang::Zh, &agent);
        assert_eq!(pages.iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["calls"]);
        assert_eq!(pages[0].actions.iter().map(|a| a.id.as_str()).collect::<Vec<_>>(), ["play"]);
        assert_eq!(pages[0].title, "通话记录");
        assert!(views(Lang::En, &Permissions::default()).is_empty());
    }
}
