//! What a typed word matches, and how well: Chinese, English, and the pinyin of Chinese, whole or by its first letters
//! (`zm` = 张敏).

use pinyin::ToPinyin;

/// None: not at all. The higher, the better; every word that was typed must match.
pub fn score(typed: &str, label: &str) -> Option<u32> {
    let hay = Hay::of(label);
    let mut sum = 0;
    for word in typed.to_lowercase().split_whitespace() {
        sum += hay.score(word)?;
    }
    Some(sum)
}

struct Hay {
    text: String,
    /// First letters: of each Han character and of each word.
    initials: String,
    /// All of it spelled out.
    spelled: String,
}

impl Hay {
    fn of(label: &str) -> Hay {
        let text = label.to_lowercase();
        let (mut initials, mut spelled) = (String::new(), String::new());
        let mut inside = false;
        for c in text.chars() {
            match c.to_pinyin() {
                Some(sound) => {
                    initials.push_str(sound.first_letter());
                    spelled.push_str(sound.plain());
                    inside = false;
                }
                None if c.is_alphanumeric() => {
                    if !inside {
                        initials.push(c);
                    }
                    spelled.push(c);
                    inside = !c.is_numeric();
                }
                None => inside = false,
            }
        }
        Hay { text, initials, spelled }
    }

    fn score(&self, word: &str) -> Option<u32> {
        let whole = |hay: &str, worth: u32| {
            let at = hay.find(word)?;
            Some(worth + if at == 0 { 30 } else { 0 } + if hay.len() == word.len() { 20 } else { 0 })
        };
        let scattered = |hay: &str, worth: u32| {
            let mut rest = hay.chars();
            word.chars().all(|c| rest.any(|h| h == c)).then_some(worth)
        };
        whole(&self.text, 300)
            .or_else(|| whole(&self.initials, 200))
            .or_else(|| whole(&self.spelled, 150))
            .or_else(|| scattered(&self.initials, 60))
            .or_else(|| scattered(&self.text, 30))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_by_initials_spelling_and_words() {
        assert!(score("zm", "坐席 8004 张敏").is_some());
        assert!(score("zhangmin", "坐席 8004 张敏").is_some());
        assert!(score("张", "坐席 8004 张敏").is_some());
        assert!(score("8004 zm", "坐席 8004 张敏").is_some());
        assert_eq!(score("zx", "任务 cs8000000"), None);
        assert_eq!(score("zm 8007", "坐席 8004 张敏"), None, "every word counts");
        assert!(score("gs", "go to: settings").is_some());
        assert!(score("", "x") == Some(0));
    }

    #[test]
    fn the_nearer_match_ranks_higher() {
        let better = |typed: &str, first: &str, second: &str| {
            assert!(score(typed, first) > score(typed, second), "{typed}: {first} before {second}");
        };
        better("zm", "张敏", "坐席 张 某敏");
        better("cs", "cs8000000", "测试");
        better("导出", "导出", "不导出");
    }
}
