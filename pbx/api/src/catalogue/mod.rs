//! One catalogue, two faces (docs/rules.md): each admin page is described once; the service's permission check, the page's
//! and the console's tables and forms, and export headers all come from it. Texts: `catalogue.<page>.title`,
//! `catalogue.<page>.col.<column>`, `.filter.<filter>`, `.field.<field>`, `.action.<action>`, `.menu.<menu>`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A page as written down. Static; one file per page in this folder.
#[derive(Debug)]
pub struct Page {
    /// Stable id, also the path in /api/p/{id} and the prefix of its permissions.
    pub id: &'static str,
    /// Menu group id, `catalogue.menu.<id>`.
    pub menu: &'static str,
    pub columns: &'static [Column],
    pub filters: &'static [Filter],
    pub form: &'static [Field],
    pub actions: &'static [Action],
    /// A hand-drawn view that stands beside or in place of the table, e.g. "player".
    pub view: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Text,
    LongText,
    Number,
    Money,
    /// yyyy-mm-dd hh:mm:ss, company time
    DateTime,
    /// hh:mm~hh:mm
    Span,
    /// yyyy-mm-dd
    Date,
    /// hh:mm:ss
    Duration,
    Phone,
    Select,
    /// Several choices: their values with a comma between.
    Choices,
    /// A role's permission words with a comma between, ticked in the tree of /api/permissions (F96).
    Permissions,
    YesNo,
    Password,
    File,
    Percent,
    Audio,
}

#[derive(Debug)]
pub struct Column {
    pub id: &'static str,
    pub kind: Kind,
    /// Display columns in the console (a Han character is two).
    pub width: u16,
}

#[derive(Debug)]
pub struct Filter {
    pub id: &'static str,
    pub kind: Kind,
    /// Select: fixed choice codes (texts `catalogue.choice.<code>`), or empty with `options_from`.
    pub choices: &'static [&'static str],
    /// Select: the choices are rows of the company (scripts, trunks, seats …), fetched at …/options/{id}.
    pub options_from: Option<&'static str>,
}

#[derive(Debug)]
pub struct Field {
    pub id: &'static str,
    pub kind: Kind,
    pub required: bool,
    /// Longest value in characters, 0 = by kind.
    pub max_chars: u16,
    pub choices: &'static [&'static str],
    pub options_from: Option<&'static str>,
    pub default: &'static str,
    /// Cannot be changed after creation.
    pub fixed: bool,
    /// Under 可选高级设置.
    pub advanced: bool,
    /// 所属分类: fields of one group stand together under `catalogue.<page>.group.<group>`. Empty = none.
    pub group: &'static str,
    /// A sentence under the field, `catalogue.<page>.hint.<field>`.
    pub hint: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Toolbar, no selection needed.
    Toolbar,
    /// Toolbar, acts on the ticked rows.
    Selection,
    /// One row's button.
    Row,
}

/// A button. Its permission word is `<page>.<id>`; every page also has the permission `<page>.view`.
#[derive(Debug)]
pub struct Action {
    pub id: &'static str,
    pub place: Place,
    /// Needs a one-line confirm that names the target.
    pub confirm: bool,
    /// What is asked before it is done, drawn like a form and sent as `ActionRequest.args`. Texts are the page's fields'.
    pub asks: &'static [Field],
    /// May also be done to every row that the filters find (`ActionRequest.all`), not only to ticked ones.
    pub all: bool,
    /// Only leads to another page, filtered to this row; nothing is sent to the service.
    pub opens: Option<Opens>,
}

/// Where a row's button leads: a page, and its filter that takes the row's id.
#[derive(Debug, Clone, Copy)]
pub struct Opens {
    pub page: &'static str,
    pub filter: &'static str,
}

pub mod build;
pub mod pages;
pub mod permission;
pub mod view;

pub use permission::{BUILT_IN_ROLES, BuiltInRole, Permissions};
pub use view::{field_view, page_view, views};

pub fn all() -> &'static [&'static Page] {
    pages::ALL
}

pub fn find(id: &str) -> Option<&'static Page> {
    all().iter().copied().find(|page| page.id == id)
}

impl Page {
    pub fn action(&self, id: &str) -> Option<&'static Action> {
        self.actions.iter().find(|action| action.id == id)
    }

    pub fn field(&self, id: &str) -> Option<&'static Field> {
        self.form.iter().find(|field| field.id == id)
    }

    /// Every field of the form and of what its actions ask; the form's first.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> {
        self.form.iter().chain(self.actions.iter().flat_map(|action| action.asks))
    }

    /// The permission word of an action or of `view`.
    pub fn word(&self, action: &str) -> String {
        format!("{}.{action}", self.id)
    }
}

/// A page as sent to a session: texts filled in, only what its role permits.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PageView {
    pub id: String,
    pub menu: String,
    pub menu_title: String,
    pub title: String,
    pub columns: Vec<ColumnView>,
    pub filters: Vec<FilterView>,
    pub form: Vec<FieldView>,
    pub actions: Vec<ActionView>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub view: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ColumnView {
    pub id: String,
    pub title: String,
    pub kind: Kind,
    pub width: u16,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FilterView {
    pub id: String,
    pub title: String,
    pub kind: Kind,
    pub choices: Vec<crate::page::Choice>,
    #[schema(required)]
    pub options_from: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FieldView {
    pub id: String,
    pub title: String,
    pub kind: Kind,
    pub required: bool,
    pub max_chars: u16,
    pub choices: Vec<crate::page::Choice>,
    #[schema(required)]
    pub options_from: Option<String>,
    pub default: String,
    pub fixed: bool,
    pub advanced: bool,
    /// Heading of its group, as shown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hint: String,
    /// 控件长度 in pixels; 0 = by kind.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub width: u16,
    /// 是否弹屏显示: on the card of a call. Only a company's overlay says no.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub popped: bool,
}

fn is_zero(width: &u16) -> bool {
    *width == 0
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ActionView {
    pub id: String,
    pub title: String,
    pub place: Place,
    pub confirm: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<FieldView>,
    #[serde(default)]
    pub all: bool,
    /// The button only leads to this page, its filter set to the row's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub opens: Option<OpensView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpensView {
    pub page: String,
    pub filter: String,
}
