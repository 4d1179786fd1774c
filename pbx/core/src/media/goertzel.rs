//! How loud one frequency is (Goertzel 1958): cheaper than a spectrum when the tone looked for is known.

use super::RATE;

/// Amplitude of `hertz` in the samples: 1.0 is a sine of full scale. 0 for no samples.
pub fn level(samples: &[i16], hertz: f64) -> f64 {
    if samples.is_empty() {
        return 0.0;
    }
    let omega = hertz / f64::from(RATE) * std::f64::consts::TAU;
    let coefficient = 2.0 * omega.cos();
    let (mut last, mut before) = (0.0, 0.0);
    for &sample in samples {
        let now = f64::from(sample) / 32768.0 + coefficient * last - before;
        before = last;
        last = now;
    }
    let power = last * last + before * before - coefficient * last * before;
    2.0 * power.max(0.0).sqrt() / samples.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_its_tone_and_no_other() {
        let sine: Vec<i16> = (0..1600)
            .map(|at| (16384.0 * (f64::from(at) * 1004.0 / f64::from(RATE) * std::f64::consts::TAU).sin()) as i16)
            .collect();
        assert!((level(&sine, 1004.0) - 0.5).abs() < 0.01);
        assert!(level(&sine, 440.0) < 0.01);
        assert_eq!(level(&[], 440.0), 0.0);
    }
}
