//! Hadamard matrices: square, of ones and minus ones, with orthogonal rows. Built by Paley's two constructions (1933) and
//! Sylvester's doubling, which reach every order that balanced replication needs in practice.

/// A Hadamard matrix whose first row and first column are ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hadamard {
    order: usize,
    signs: Vec<i8>,
}

impl Hadamard {
    /// The smallest that can be built of order `at_least` or more.
    pub(super) fn of_order(at_least: usize) -> Hadamard {
        let mut order = at_least.max(1);
        loop {
            if let Some(matrix) = Hadamard::build(order) {
                return matrix.normalised();
            }
            order += 1;
        }
    }

    /// Rows and columns.
    pub(super) fn order(&self) -> usize {
        self.order
    }

    /// One row: its first sign is 1.
    pub(super) fn row(&self, row: usize) -> &[i8] {
        &self.signs[row * self.order..(row + 1) * self.order]
    }

    fn build(order: usize) -> Option<Hadamard> {
        match order {
            1 => Some(Hadamard { order, signs: vec![1] }),
            2 => Some(Hadamard { order, signs: vec![1, 1, 1, -1] }),
            _ if !order.is_multiple_of(4) => None,
            _ if is_prime(order - 1) => Some(first_paley(order - 1)),
            _ if is_prime(order / 2 - 1) && (order / 2 - 1) % 4 == 1 => Some(second_paley(order / 2 - 1)),
            _ => Hadamard::build(order / 2).map(|half| half.doubled()),
        }
    }

    fn doubled(&self) -> Hadamard {
        let order = 2 * self.order;
        let sign = |row: usize, column: usize| {
            let inner = self.signs[row % self.order * self.order + column % self.order];
            if row >= self.order && column >= self.order { -inner } else { inner }
        };
        fill(order, sign)
    }

    /// Rows and columns multiplied so that the first of each are ones: it stays a Hadamard matrix.
    fn normalised(&self) -> Hadamard {
        let first_row = self.row(0);
        fill(self.order, |row, column| {
            let of_row = self.signs[row * self.order] * first_row[0];
            self.signs[row * self.order + column] * first_row[column] * of_row
        })
    }
}

fn fill(order: usize, sign: impl Fn(usize, usize) -> i8) -> Hadamard {
    let signs = (0..order * order).map(|place| sign(place / order, place % order)).collect();
    Hadamard { order, signs }
}

/// 1 for the squares modulo a prime, -1 for the others, 0 for zero.
fn residues(prime: usize) -> Vec<i8> {
    let mut residues = vec![-1; prime];
    residues[0] = 0;
    for root in 1..prime {
        residues[root * root % prime] = 1;
    }
    residues
}

/// Order q + 1 for a prime q that leaves 3 modulo 4.
fn first_paley(prime: usize) -> Hadamard {
    let residues = residues(prime);
    fill(prime + 1, |row, column| match (row, column) {
        (0, _) => 1,
        (_, 0) => -1,
        (row, column) if row == column => 1,
        (row, column) => residues[(prime + column - row) % prime],
    })
}

/// Order 2 (q + 1) for a prime q that leaves 1 modulo 4.
fn second_paley(prime: usize) -> Hadamard {
    let residues = residues(prime);
    let conference = |row: usize, column: usize| match (row, column) {
        (0, 0) => 0,
        (0, _) | (_, 0) => 1,
        (row, column) => residues[(prime + column - row) % prime],
    };
    fill(2 * (prime + 1), |row, column| {
        let block = [[1, 1], [1, -1]][row % 2][column % 2];
        match conference(row / 2, column / 2) {
            0 => [[1, -1], [-1, -1]][row % 2][column % 2],
            sign => sign * block,
        }
    })
}

fn is_prime(number: usize) -> bool {
    number > 1 && (2..).take_while(|divisor| divisor * divisor <= number).all(|divisor| !number.is_multiple_of(divisor))
}

#[cfg(test)]
mod tests {
    use super::Hadamard;

    #[test]
    fn rows_are_orthogonal_and_the_first_row_and_column_are_ones() {
        for at_least in [1, 2, 3, 4, 5, 12, 20, 25, 28, 36, 37, 40, 60, 80, 81, 93, 160, 245] {
            let matrix = Hadamard::of_order(at_least);
            let order = matrix.order();
            assert!(order >= at_least && order < at_least + 16, "{at_least}: {order}");
            for row in 0..order {
                assert_eq!((matrix.row(row)[0], matrix.row(0)[row]), (1, 1), "order {order}");
                for other in 0..=row {
                    let products = matrix.row(row).iter().zip(matrix.row(other)).map(|(a, b)| i32::from(a * b));
                    assert_eq!(products.sum::<i32>(), if row == other { order as i32 } else { 0 }, "order {order}");
                }
            }
        }
        assert_eq!(Hadamard::of_order(160).order(), 160);
    }
}
