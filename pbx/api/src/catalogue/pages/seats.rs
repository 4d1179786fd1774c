//! 坐席设置 (F80–F91). 密码 is the web password only; the phone's is another secret with a button of its own (F83).

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

/// 用户等级 (D20).
pub const LEVELS: &[&str] = &["normal", "senior", "expert"];

pub static PAGE: Page = Page {
    id: "seats",
    menu: "seat_management",
    columns: &[
        Column::new("extension", Kind::Text, 8),
        Column::new("account", Kind::Text, 12),
        Column::new("name", Kind::Text, 12),
        Column::new("mobile", Kind::Text, 14),
        Column::new("landline", Kind::Text, 14),
        Column::new("email", Kind::Text, 18),
        Column::new("department", Kind::Text, 12),
        Column::new("level", Kind::Select, 8),
        Column::new("role", Kind::Text, 10),
        Column::new("pop_busy", Kind::YesNo, 8),
        Column::new("hide_numbers", Kind::YesNo, 8),
        Column::new("numbers", Kind::Text, 14),
        Column::new("x_number", Kind::Text, 14),
        Column::new("note", Kind::Text, 16),
    ],
    filters: &[Filter::new("quick", Kind::Text), Filter::from("department", "departments")],
    form: &[
        Field::new("extension", Kind::Text).required().max(8).fixed(),
        Field::of("level", LEVELS).default("normal"),
        Field::new("account", Kind::Text).required().max(32),
        Field::new("password", Kind::Password).max(128),
        Field::new("name", Kind::Text).required().max(32),
        Field::from("role", "roles").required(),
        Field::new("mobile", Kind::Text).max(20),
        Field::new("landline", Kind::Text).max(20),
        Field::new("email", Kind::Text).max(90),
        Field::from("department", "departments"),
        Field::from("trunk", "trunks"),
        Field::new("auto_answer", Kind::YesNo).default("true"),
        Field::new("pop_busy", Kind::YesNo).default("false"),
        Field::new("hide_numbers", Kind::YesNo).default("false"),
        Field::new("enabled", Kind::YesNo).default("true"),
        Field::new("note", Kind::Text).max(200),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::toolbar("add_many").asks(MANY),
        Action::toolbar("import"),
        Action::toolbar("assign_numbers").asks(&[SEAT, Field::from("numbers", "free_numbers").several().required()]),
        Action::toolbar("assign_x").asks(&[Field::from("x_number", "x_numbers").required(), RECEIVER]),
        Action::toolbar("transfer_number").asks(&[Field::from("number", "used_numbers").required(), RECEIVER]),
        Action::selection("delete").confirmed().asks(&[Field::from("heir", "seats").hint()]),
        Action::toolbar("export"),
        Action::row("edit"),
        Action::row("phone_password").confirmed(),
        Action::row("numbers"),
    ],
    view: None,
};

const SEAT: Field = Field::from("seat", "seats").required();
/// Left empty, the number is nobody's again.
const RECEIVER: Field = Field::from("receiver", "seats").hint();

/// 批量添加: seat numbers from–to, alike but for them.
const MANY: &[Field] = &[
    Field::new("first", Kind::Text).required().max(8),
    Field::new("last", Kind::Text).required().max(8),
    Field::from("role", "roles").required(),
    Field::from("department", "departments"),
    Field::of("level", LEVELS).default("normal"),
    Field::new("one_password", Kind::Password).max(128).hint(),
];
