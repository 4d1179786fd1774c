//! The HTTP interface as an OpenAPI 3.1 document: from the table of routes, the types of hutong-api and the catalogue.

mod pages;
#[cfg(test)]
mod tests;

use super::{
    caller::Caller,
    routes::{Gives, Needs, ROUTES, Route, SPOKEN, Takes, Verb},
};
use axum::{http::header, response::IntoResponse};
use hutong_api::{Lang, live::RefusalText, texts::text as words};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

pub async fn openapi(caller: Caller) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], text(caller.lang))
}

/// The document as text, always the same for the same program.
pub fn text(lang: Lang) -> String {
    format!("{:#}\n", document(lang))
}

pub fn document(lang: Lang) -> Value {
    let mut components = Components::default();
    let mut paths = Map::new();
    for route in ROUTES {
        // Routes of catalogue pages stand once for every page, with its own parameters.
        if route.path.starts_with("/p/{page}") {
            continue;
        }
        let operation = operation(route, lang, &mut components);
        put(&mut paths, route.path, route.verb, operation);
    }
    pages::paths(lang, &mut components, &mut paths);
    for model in SPOKEN {
        model(&mut components);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": words(lang, "route.title"),
            "description": words(lang, "route.about"),
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api"}],
        "security": [{"bearer": []}, {"cookie": []}],
        "paths": paths,
        "components": {
            "schemas": components.schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {
                    "type": "apiKey", "in": "cookie", "name": super::caller::cookie_name(true),
                    "description": words(lang, "route.cookie"),
                },
            },
        },
    })
}

/// Schemas met so far, by name.
#[derive(Debug, Default)]
pub struct Components {
    schemas: BTreeMap<String, Value>,
}

impl Components {
    pub fn model<T: ToSchema>(&mut self) -> Value {
        let mut found = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut found);
        for (name, schema) in found {
            self.schemas.entry(name).or_insert_with(|| json!(schema));
        }
        reference(&T::name())
    }

    fn put(&mut self, name: String, schema: Value) {
        self.schemas.insert(name, schema);
    }
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn put(paths: &mut Map<String, Value>, path: &str, verb: Verb, operation: Value) {
    let item = paths.entry(path.to_owned()).or_insert_with(|| json!({}));
    item[if verb == Verb::Get { "get" } else { "post" }] = operation;
}

fn operation(route: &Route, lang: Lang, components: &mut Components) -> Value {
    let mut parameters: Vec<Value> = route.path.split('/').filter_map(in_path).collect();
    let query =
        |(name, number): &(&str, bool)| parameter(name, json!({"type": if *number { "integer" } else { "string" }}));
    parameters.extend(route.query.iter().map(query));
    let mut operation = json!({
        "operationId": route.name,
        "summary": words(lang, &format!("route.{}", route.name)),
        "parameters": parameters,
        "responses": responses(route, components),
    });
    match route.needs {
        Needs::Nobody => operation["security"] = json!([]),
        Needs::Word(word) | Needs::Both(word) => operation["x-permission"] = json!(word),
        Needs::Page(word) => operation["x-permission"] = json!(format!("{{page}}.{word}")),
        Needs::Import => operation["x-permission"] = json!("{page}.import"),
        Needs::Login | Needs::Action => {}
    }
    if let Some(body) = body(route, components) {
        operation["requestBody"] = body;
    }
    operation
}

fn in_path(part: &str) -> Option<Value> {
    let name = part.strip_prefix('{')?.strip_suffix('}')?;
    let schema = match name {
        "id" | "batch" | "call" => json!({"type": "integer", "format": "int64"}),
        "lang" => json!({"type": "string", "enum": ["zh-CN", "en"]}),
        _ => json!({"type": "string"}),
    };
    Some(json!({"name": name, "in": "path", "required": true, "schema": schema}))
}

fn parameter(name: &str, schema: Value) -> Value {
    json!({"name": name, "in": "query", "schema": schema})
}

fn body(route: &Route, components: &mut Components) -> Option<Value> {
    let schema = match route.takes {
        Takes::Nothing => return None,
        Takes::Json(model) => model(components),
        Takes::Form => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        Takes::File => {
            let part = json!({"type": "string", "contentMediaType": "application/octet-stream"});
            let schema = json!({"type": "object", "required": ["file"], "properties": {"file": part}});
            return Some(json!({"required": true, "content": {"multipart/form-data": {"schema": schema}}}));
        }
    };
    Some(json_body(schema))
}

fn json_body(schema: Value) -> Value {
    json!({"required": true, "content": {"application/json": {"schema": schema}}})
}

/// The good answer, and the refusal that any other status carries.
fn responses(route: &Route, components: &mut Components) -> Value {
    let json_of = |schema: Value| json!({"application/json": {"schema": schema}});
    let (status, content) = match route.gives {
        Gives::Json(model) => ("200", json_of(model(components))),
        Gives::List(model) => ("200", json_of(json!({"type": "array", "items": model(components)}))),
        Gives::Words => ("200", json_of(json!({"type": "object", "additionalProperties": true}))),
        Gives::Bytes(kinds) => {
            let content: Map<_, _> = kinds.iter().map(|kind| ((*kind).to_owned(), json!({}))).collect();
            ("200", Value::Object(content))
        }
        Gives::Nothing => ("200", json!({})),
        Gives::Socket => {
            let spoken = json!({"101": {"description": "WebSocket", "x-client": reference("ClientMsg"), "x-server": reference("ServerMsg")}});
            return with_refusal(spoken, components);
        }
    };
    with_refusal(json!({ status: {"description": "OK", "content": content} }), components)
}

fn with_refusal(mut responses: Value, components: &mut Components) -> Value {
    let refusal = components.model::<RefusalText>();
    responses["default"] = json!({"description": "Refused", "content": {"application/json": {"schema": refusal}}});
    responses
}
