//! What offices call their columns.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Dialled first (D8) …
    Mobile,
    /// … and this where there is no mobile.
    Landline,
    Name,
    Organisation,
    Category,
    Owner,
    Project,
    Address,
    Note,
    /// 限制类型 of 黑名单库.
    Direction,
    /// Why a number is in 黑名单库.
    Reason,
    /// 坐席号 of a file of seats (F80), and what else a seat has.
    Extension,
    Account,
    Department,
    Role,
    Email,
    /// A field of the company's own, by its place in the list the reader was given.
    Added(u16),
    /// Written by our own rejects file; must not come back as data.
    Ours,
    /// Unknown: kept under its own header.
    Other,
}

/// Fields a column can be given to by its stable id; the company's own have ids of theirs.
pub const IDS: &[(&str, Field)] = &[
    ("mobile", Field::Mobile),
    ("name", Field::Name),
    ("landline", Field::Landline),
    ("organisation", Field::Organisation),
    ("category", Field::Category),
    ("owner", Field::Owner),
    ("project", Field::Project),
    ("address", Field::Address),
    ("note", Field::Note),
    ("direction", Field::Direction),
    ("reason", Field::Reason),
    ("extension", Field::Extension),
    ("account", Field::Account),
    ("department", Field::Department),
    ("role", Field::Role),
    ("email", Field::Email),
];

const WORDS: &[(Field, &[&str])] = &[
    (
        Field::Mobile,
        &[
            "手机号码",
            "手机号",
            "手机",
            "手机电话",
            "移动电话",
            "移动号码",
            "客户手机",
            "客户手机号",
            "客户号码",
            "号码",
            "电话号",
            "被叫",
            "被叫号码",
            "联系方式",
            "联系手机",
            "联系号码",
            "手机1",
            "号码1",
            "mobile",
            "mobilephone",
            "mobilenumber",
            "mobileno",
            "cell",
            "cellphone",
            "number",
            "msisdn",
            "contactnumber",
            "callee",
        ],
    ),
    (
        Field::Landline,
        &[
            "电话号码",
            "联系电话",
            "客户电话",
            "phone",
            "phonenumber",
            "phoneno",
            "电话",
            "固定电话",
            "固话",
            "座机",
            "座机号码",
            "办公电话",
            "公司电话",
            "家庭电话",
            "备用电话",
            "备用号码",
            "手机2",
            "号码2",
            "tel",
            "telephone",
            "telephonenumber",
            "landline",
            "fixedline",
            "phone2",
            "officephone",
        ],
    ),
    (
        Field::Name,
        &[
            "客户名称",
            "客户姓名",
            "姓名",
            "名称",
            "名字",
            "客户名",
            "客户",
            "联系人",
            "联系人姓名",
            "name",
            "fullname",
            "customername",
            "customer",
            "contact",
            "contactname",
        ],
    ),
    (
        Field::Organisation,
        &[
            "公司名称",
            "公司",
            "单位",
            "单位名称",
            "企业",
            "企业名称",
            "工作单位",
            "company",
            "companyname",
            "organisation",
            "organization",
        ],
    ),
    (Field::Category, &["客户分类", "分类", "类别", "客户类别", "category", "class"]),
    (Field::Owner, &["归属人", "owner"]),
    (Field::Project, &["归属项目", "项目", "project"]),
    (Field::Address, &["地址", "联系地址", "住址", "address"]),
    (Field::Note, &["备注", "说明", "note", "notes", "remark", "remarks", "comment"]),
    (Field::Direction, &["限制类型", "限制方向", "direction"]),
    (Field::Reason, &["原因", "限制原因", "加黑原因", "reason"]),
    (Field::Ours, &[REJECT_LINE[0], REJECT_LINE[1], REJECT_REASON[0], REJECT_REASON[1]]),
];

/// What the columns of a file of seats are called. Not asked of other files: a customer's 部门 stays a column of his own.
const SEAT_WORDS: &[(Field, &[&str])] = &[
    (
        Field::Extension,
        &[
            "坐席号",
            "坐席号码",
            "坐席工号",
            "工号",
            "分机",
            "分机号",
            "extension",
            "ext",
            "seat",
            "seatno",
            "seatnumber",
        ],
    ),
    (Field::Account, &["用户名", "账号", "帐号", "登录名", "account", "username", "login", "user"]),
    (Field::Name, &["姓名", "坐席姓名", "坐席名称", "名称", "名字", "name", "fullname"]),
    (Field::Department, &["部门", "所属部门", "部门名称", "department", "dept"]),
    (Field::Role, &["用户角色", "角色", "角色名称", "role", "userrole"]),
    (Field::Mobile, &["移动电话", "手机", "手机号", "手机号码", "mobile", "mobilephone", "cellphone"]),
    (Field::Landline, &["固定电话", "座机", "电话", "landline", "telephone"]),
    (Field::Email, &["电子邮件", "邮箱", "电子邮箱", "email", "mail"]),
    (Field::Note, &["备注", "说明", "note", "notes", "remark", "remarks"]),
    (Field::Ours, &[REJECT_LINE[0], REJECT_LINE[1], REJECT_REASON[0], REJECT_REASON[1]]),
];

/// Headers of the two columns that a rejects file has before the original ones, zh-CN and en (compared as `key` makes them).
pub const REJECT_LINE: [&str; 2] = ["原文件行号", "originalline"];
pub const REJECT_REASON: [&str; 2] = ["未导入原因", "whynotimported"];

/// What a header cell names; `Other` for an unknown one.
pub fn field(cell: &str) -> Field {
    named(WORDS, cell)
}

/// The same in a file of seats.
pub fn seat_field(cell: &str) -> Field {
    named(SEAT_WORDS, cell)
}

fn named(words: &[(Field, &[&str])], cell: &str) -> Field {
    let key = key(cell);
    words.iter().find(|(_, words)| words.contains(&key.as_str())).map_or(Field::Other, |(field, _)| *field)
}

/// The same where the company has fields of its own: a word of ours comes first, then their titles.
pub fn field_among(cell: &str, added: &[String]) -> Field {
    match field(cell) {
        Field::Other => {
            let word = key(cell);
            let at = added.iter().position(|title| !word.is_empty() && key(title) == word);
            at.and_then(|at| u16::try_from(at).ok()).map_or(Field::Other, Field::Added)
        }
        known => known,
    }
}

/// Without case, spaces, marks and what stands in brackets: "手机号码(必填) *" is 手机号码.
fn key(cell: &str) -> String {
    let mut out = String::new();
    let mut depth = 0u32;
    for c in cell.chars() {
        let c = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            other => other,
        };
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_real_offices() {
        for (cell, expected) in [
            ("手机号码", Field::Mobile),
            (" 手机号码（必填）* ", Field::Mobile),
            ("联系方式", Field::Mobile),
            ("Phone Number", Field::Landline),
            ("电话号码", Field::Landline),
            ("客户名称：", Field::Name),
            ("ＮＡＭＥ", Field::Name),
            ("公司 名称", Field::Organisation),
            ("未导入原因", Field::Ours),
            ("意向车型", Field::Other),
            ("", Field::Other),
        ] {
            assert_eq!(field(cell), expected, "{cell}");
        }
        for (cell, expected) in [
            ("坐席号*", Field::Extension),
            (" 用户名（登录）", Field::Account),
            ("部门", Field::Department),
            ("User Role", Field::Role),
            ("E-mail", Field::Email),
            ("未导入原因", Field::Ours),
            ("公司名称", Field::Other),
        ] {
            assert_eq!(seat_field(cell), expected, "{cell}");
        }
        assert_eq!(field("部门"), Field::Other, "of customers it is a column of the sheet's own");
    }
}
