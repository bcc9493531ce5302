/**
 * Integration by non-negative factors: every cell is a mixture of a few programmes, whose genes
 * with their weights are the same in all data sets but for a part of their own. {@code Uinmf} finds
 * them, {@code QuantileNorm} brings the mixtures of several data sets together.
 */
package org.cellweave.integrate.factor;
