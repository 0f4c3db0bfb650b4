//! Turns a gradient and a curvature of at most a few dozen numbers into Newton steps for the small convex fits.

/// An objective to make small: returns its value, and adds its gradient and (row-major, lower triangle used) curvature.
pub(super) trait Objective {
    fn evaluate(&self, weights: &[f64], gradient: &mut [f64], curvature: &mut [f64]) -> f64;
}

/// What a fit came to.
pub(super) struct Minimum {
    pub(super) weights: Vec<f64>,
    pub(super) value: f64,
    pub(super) rounds: usize,
}

/// Newton needs five to ten; more means a flat ridge where further steps change nothing that matters.
const MOST_ROUNDS: usize = 50;

/// Minimises `objective + ½ Σ penalty_j w_j²` from zero by Newton steps, halved until the value falls.
pub(super) fn minimise(objective: &impl Objective, penalties: &[f64]) -> Minimum {
    let size = penalties.len();
    let evaluate = |weights: &[f64], gradient: &mut Vec<f64>, curvature: &mut Vec<f64>| {
        *gradient = vec![0.0; size];
        *curvature = vec![0.0; size * size];
        let mut value = objective.evaluate(weights, gradient, curvature);
        for (at, (&weight, &penalty)) in weights.iter().zip(penalties).enumerate() {
            value += 0.5 * penalty * weight * weight;
            gradient[at] += penalty * weight;
            curvature[at * size + at] += penalty;
        }
        value
    };
    let (mut gradient, mut curvature) = (Vec::new(), Vec::new());
    let mut weights = vec![0.0; size];
    let mut value = evaluate(&weights, &mut gradient, &mut curvature);
    for round in 0..MOST_ROUNDS {
        let step = solve(&mut curvature, &gradient);
        let slope: f64 = step.iter().zip(&gradient).map(|(step, gradient)| step * gradient).sum();
        if slope < 1e-10 {
            return Minimum { weights, value, rounds: round };
        }
        let mut length = 1.0;
        loop {
            let tried: Vec<f64> = weights.iter().zip(&step).map(|(weight, step)| weight - length * step).collect();
            let reached = evaluate(&tried, &mut gradient, &mut curvature);
            if reached <= value - 1e-4 * length * slope {
                (weights, value) = (tried, reached);
                break;
            }
            length *= 0.5;
            if length < 1e-6 {
                return Minimum { weights, value, rounds: round };
            }
        }
    }
    Minimum { weights, value, rounds: MOST_ROUNDS }
}

/// Solves `matrix × x = right` by Cholesky, in place; directions without curvature get a tiny one and stay finite.
fn solve(matrix: &mut [f64], right: &[f64]) -> Vec<f64> {
    let size = right.len();
    for column in 0..size {
        for row in column..size {
            let product: f64 = (0..column).map(|k| matrix[row * size + k] * matrix[column * size + k]).sum();
            let rest = matrix[row * size + column] - product;
            matrix[row * size + column] =
                if row == column { rest.max(1e-9).sqrt() } else { rest / matrix[column * size + column] };
        }
    }
    let mut solved = right.to_vec();
    for row in 0..size {
        let product: f64 = (0..row).map(|k| matrix[row * size + k] * solved[k]).sum();
        solved[row] = (solved[row] - product) / matrix[row * size + row];
    }
    for row in (0..size).rev() {
        let product: f64 = (row + 1..size).map(|k| matrix[k * size + row] * solved[k]).sum();
        solved[row] = (solved[row] - product) / matrix[row * size + row];
    }
    solved
}

/// Means and standard deviations of the columns of row-major numbers; a constant column has deviation 0.
pub(super) fn moments(rows: &[f32], columns: usize) -> Vec<(f64, f64)> {
    let count = (rows.len() / columns.max(1)).max(1) as f64;
    (0..columns)
        .map(|column| {
            let values = || rows.iter().skip(column).step_by(columns).map(|&value| finite(value));
            let mean = values().sum::<f64>() / count;
            let deviation = (values().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
            (mean, if deviation > 1e-9 * mean.abs().max(1e-9) { deviation } else { 0.0 })
        })
        .collect()
}

/// A missing feature (infinite or not a number) counts as zero, in fits and in answers alike.
pub(super) fn finite(value: f32) -> f64 {
    if value.is_finite() { f64::from(value) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bowl;

    impl Objective for Bowl {
        /// ½ (2a² + 2ab + 4b²) − a − 3b, least at a = 1/7, b = 5/7.
        fn evaluate(&self, w: &[f64], gradient: &mut [f64], curvature: &mut [f64]) -> f64 {
            gradient[0] += 2.0 * w[0] + w[1] - 1.0;
            gradient[1] += w[0] + 4.0 * w[1] - 3.0;
            for (at, value) in [2.0, 1.0, 1.0, 4.0].into_iter().enumerate() {
                curvature[at] += value;
            }
            w[0] * w[0] + w[0] * w[1] + 2.0 * w[1] * w[1] - w[0] - 3.0 * w[1]
        }
    }

    #[test]
    fn a_bowl_takes_one_step() {
        let least = minimise(&Bowl, &[0.0, 0.0]);
        assert!((least.weights[0] - 1.0 / 7.0).abs() < 1e-9 && (least.weights[1] - 5.0 / 7.0).abs() < 1e-9);
        assert_eq!(least.rounds, 1);
        let held = minimise(&Bowl, &[1e6, 1e6]);
        assert!(held.weights.iter().all(|weight| weight.abs() < 1e-5), "a penalty holds the weights near zero");
    }

    #[test]
    fn moments_of_columns() {
        let found = moments(&[1.0, 5.0, 3.0, 5.0, f32::NAN, 5.0], 2);
        assert!((found[0].0 - 4.0 / 3.0).abs() < 1e-9 && found[1] == (5.0, 0.0));
    }
}
