//! The catalogue's pages as typed paths: parameters from filters, bodies from form fields and from what actions ask.

use super::{Components, Verb, json_body, operation, parameter, put, reference};
use crate::http::routes::{ROUTES, Route, Takes};
use hutong_api::{
    Lang,
    catalogue::{FieldView, FilterView, Kind, PageView, Permissions, Place, views},
    page::{ActionRequest, Choice},
};
use serde_json::{Map, Value, json};

pub fn paths(lang: Lang, components: &mut Components, paths: &mut Map<String, Value>) {
    for page in views(lang, &Permissions::of(["*"])) {
        if !page.form.is_empty() {
            for filling in [Filling::Adding, Filling::Editing] {
                let mut form = fields(&page.form, filling);
                form["x-page"] = json!(page.id);
                components.put(form_name(&page, filling == Filling::Adding), form);
            }
        }
        for route in ROUTES.iter().filter(|route| route.path.starts_with("/p/{page}")) {
            match route.name {
                "action" => actions(route, &page, lang, components, paths),
                "options" => options(route, &page, lang, components, paths),
                name if offered(&page, name) => {
                    let mut made = describe(route, &page, "", lang, components);
                    shape(&mut made, route, &page);
                    put(paths, &route.path.replace("{page}", &page.id), route.verb, made);
                }
                _ => {}
            }
        }
    }
}

/// Whether this route means anything for this page.
fn offered(page: &PageView, name: &str) -> bool {
    let has = |id: &str| page.actions.iter().any(|action| action.id == id);
    match name {
        "add" | "edit" | "export" => has(name),
        "row" => has("edit"),
        _ => true,
    }
}

fn describe(route: &Route, page: &PageView, more: &str, lang: Lang, components: &mut Components) -> Value {
    let mut made = operation(route, lang, components);
    let id = [route.name, page.id.as_str(), more].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    made["operationId"] = json!(id.join("_"));
    made["tags"] = json!([page.id]);
    made["summary"] = json!(format!("{} · {}", page.title, made["summary"].as_str().unwrap_or_default()));
    if let Some(list) = made["parameters"].as_array_mut() {
        list.retain(|parameter| parameter["name"] != "page" || parameter["in"] != "path");
    }
    if let Some(word) = made["x-permission"].as_str().map(|word| word.replace("{page}", &page.id)) {
        made["x-permission"] = json!(word);
    }
    made
}

/// Puts in what the page's columns, filters and fields say.
fn shape(made: &mut Value, route: &Route, page: &PageView) {
    if matches!(route.name, "list" | "export")
        && let Some(list) = made["parameters"].as_array_mut()
    {
        if let Some(sort) = list.iter_mut().find(|parameter| parameter["name"] == "sort") {
            let ids = page.columns.iter().flat_map(|column| [column.id.clone(), format!("-{}", column.id)]);
            sort["schema"]["enum"] = ids.collect();
        }
        list.extend(page.filters.iter().map(filter));
    }
    if matches!(route.takes, Takes::Form) && !page.form.is_empty() {
        made["requestBody"] = json_body(reference(&form_name(page, route.name == "add")));
    }
}

fn filter(filter: &FilterView) -> Value {
    let mut schema = value(filter.kind, &filter.choices, filter.options_from.as_deref());
    schema["description"] = json!(filter.title);
    parameter(&format!("q.{}", filter.id), schema)
}

/// Buttons that have no route of their own.
fn actions(route: &Route, page: &PageView, lang: Lang, components: &mut Components, paths: &mut Map<String, Value>) {
    const ROUTED: [&str; 8] = ["add", "edit", "export", "import", "append", "play", "download", "upload"];
    for action in page.actions.iter().filter(|action| !ROUTED.contains(&action.id.as_str())) {
        let mut made = describe(route, page, &action.id, lang, components);
        made["summary"] = json!(format!("{} · {}", page.title, action.title));
        made["x-permission"] = json!(format!("{}.{}", page.id, action.id));
        made["x-place"] = json!(action.place);
        if let Some(list) = made["parameters"].as_array_mut() {
            list.retain(|parameter| parameter["name"] != "action");
        }
        let mut request = json!({"allOf": [components.model::<ActionRequest>()]});
        if !action.asks.is_empty() {
            let args = fields(&action.asks, Filling::Adding);
            request["properties"] = json!({"args": args});
        }
        if action.place != Place::Toolbar && !action.all {
            request["required"] = json!(["ids"]);
        }
        made["requestBody"] = json_body(request);
        let path = route.path.replace("{page}", &page.id).replace("{action}", &action.id);
        put(paths, &path, Verb::Post, made);
    }
}

fn options(route: &Route, page: &PageView, lang: Lang, components: &mut Components, paths: &mut Map<String, Value>) {
    let asked = page.actions.iter().flat_map(|action| &action.asks);
    let from_fields = page.form.iter().chain(asked).filter(|field| field.options_from.is_some()).map(|field| &field.id);
    let from_filters = page.filters.iter().filter(|filter| filter.options_from.is_some()).map(|filter| &filter.id);
    let mut ids: Vec<&String> = from_fields.chain(from_filters).collect();
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        return;
    }
    let mut made = describe(route, page, "", lang, components);
    if let Some(list) = made["parameters"].as_array_mut() {
        list.iter_mut().filter(|parameter| parameter["name"] == "field").for_each(|p| p["schema"]["enum"] = json!(ids));
    }
    put(paths, &route.path.replace("{page}", &page.id), Verb::Get, made);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Filling {
    Adding,
    Editing,
}

/// A form as an object of texts. An office's own added fields come beside the built-in ones.
fn fields(form: &[FieldView], filling: Filling) -> Value {
    let takes = |field: &&FieldView| field.kind != Kind::File && (filling == Filling::Adding || !field.fixed);
    let properties: Map<_, _> = form.iter().filter(takes).map(|field| (field.id.clone(), property(field))).collect();
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": {"type": "string"},
    });
    let required: Vec<_> = form.iter().filter(takes).filter(|field| field.required).map(|field| &field.id).collect();
    if filling == Filling::Adding && !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn property(field: &FieldView) -> Value {
    let mut schema = value(field.kind, &field.choices, field.options_from.as_deref());
    schema["title"] = json!(field.title);
    if field.max_chars > 0 {
        schema["maxLength"] = json!(field.max_chars);
    }
    if !field.default.is_empty() {
        schema["default"] = json!(field.default);
    }
    if !field.hint.is_empty() {
        schema["description"] = json!(field.hint);
    }
    schema
}

/// Values travel as text; what it must look like is said by kind.
fn value(kind: Kind, choices: &[Choice], rows: Option<&str>) -> Value {
    let mut schema = json!({"type": "string", "x-kind": kind});
    match kind {
        Kind::YesNo => schema["enum"] = json!(["true", "false", ""]),
        Kind::Date => schema["pattern"] = json!("^(\\d{4}-\\d{2}-\\d{2})?$"),
        Kind::Span => schema["pattern"] = json!("^(\\d{2}:\\d{2}~\\d{2}:\\d{2})?$"),
        Kind::Number => schema["pattern"] = json!("^(-?\\d+)?$"),
        Kind::Password => schema["writeOnly"] = json!(true),
        Kind::Select if rows.is_none() => {
            // An empty value is "none", or in a filter "all".
            schema["enum"] = choices.iter().map(|choice| choice.value.as_str()).chain([""]).collect();
        }
        _ => {}
    }
    if let Some(rows) = rows {
        schema["x-rows"] = json!(rows);
    }
    schema
}

fn form_name(page: &PageView, adding: bool) -> String {
    let words = page.id.split('_').map(|word| word[..1].to_uppercase() + &word[1..]);
    format!("{}{}", words.collect::<String>(), if adding { "New" } else { "Form" })
}
