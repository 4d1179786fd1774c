//! 客户资料-字段设置 (F26–F28): which fields customers have here, and how they are shown.

use crate::catalogue::{Action, Column, Field, Kind, Page};

/// 控件类型: 字符串, 数字, 日期, 日期时间, 单选, 多选, 长文本.
pub const KINDS: &[&str] =
    &["field_text", "field_number", "field_date", "field_datetime", "field_one", "field_several", "field_long"];

pub static PAGE: Page = Page {
    id: "customer_fields",
    menu: "settings",
    columns: &[
        Column::new("name", Kind::Text, 14),
        Column::new("length", Kind::Number, 8),
        Column::new("width", Kind::Number, 8),
        Column::new("shown", Kind::YesNo, 8),
        Column::new("popped", Kind::YesNo, 12),
        Column::new("queried", Kind::YesNo, 12),
        Column::new("position", Kind::Number, 6),
        Column::new("kind", Kind::Select, 8),
        Column::new("heading", Kind::Text, 12),
    ],
    filters: &[],
    form: &[
        Field::of("kind", KINDS).required().default("field_text").fixed(),
        Field::new("name", Kind::Text).required().max(20),
        Field::new("length", Kind::Number).default("60").hint(),
        Field::new("width", Kind::Number).default("150").hint(),
        Field::new("options", Kind::LongText).hint(),
        Field::new("shown", Kind::YesNo).default("true"),
        Field::new("popped", Kind::YesNo).default("true"),
        Field::new("queried", Kind::YesNo).default("false"),
        Field::new("position", Kind::Number).hint(),
        Field::new("heading", Kind::Text).max(20).hint(),
    ],
    actions: &[Action::toolbar("add"), Action::row("edit"), Action::row("delete").confirmed()],
    view: None,
};
