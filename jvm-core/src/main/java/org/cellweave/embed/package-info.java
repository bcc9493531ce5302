/**
 * Layouts of cells in two or three dimensions: {@code umap}, {@code tsne}, and measures of a
 * finished layout here. Each method is a package; none imports another's.
 *
 * <p>Written by hand because umap-learn and openTSNE have no counterpart on the JVM whose layouts
 * depend on the seed alone and not on the threads. Imports {@code neighbors}, {@code diffusion},
 * {@code nbody} and the floor.
 */
package org.cellweave.embed;
