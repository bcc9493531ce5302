package org.cellweave.neural.module;

import org.cellweave.neural.nn.Node;

/**
 * One term of the evidence lower bound beside the likelihood of counts, cell by cell.
 *
 * @param name as the history has it
 * @param value cells by 1
 * @param weight a constant
 * @param warmedUp whether the weight of the warm-up multiplies its mean
 */
public record CellTerm(String name, Loss.Part part, Node value, double weight, boolean warmedUp) {}
