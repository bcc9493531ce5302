package org.cellweave.neural.nn;

import org.cellweave.neural.distributions.Likelihood;

/**
 * What a decoder says about the counts of cells.
 *
 * @param likelihood of a count
 * @param scale cells by genes: before {@code softmax}, or {@code softplus}, to shares of the counts
 * @param softplus whether shares are by {@code softplus}, as with size factors
 * @param dropout cells by genes, logits of additional zeros; null but for {@code ZINB}
 * @param dispersion logarithms of the dispersions, one row, or one per level of {@code levels};
 *     null with {@code Likelihood.POISSON} or with {@code cellDispersion}
 * @param levels name of the codes that choose a row of {@code dispersion}; null for one row
 * @param cellDispersion cells by genes, logarithms of the dispersions; null unless every cell has
 *     its own
 * @param library cells by 1, logarithm of the total
 */
public record CountHeads(
    Likelihood likelihood,
    Node scale,
    boolean softplus,
    Node dropout,
    Parameter dispersion,
    String levels,
    Node cellDispersion,
    Node library) {}
