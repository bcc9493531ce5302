/**
 * Differential expression between samples, whose counts are sums over cells: negative binomial
 * models with dispersions shared across genes, as DESeq2 has them (Love, Huber and Anders 2014,
 * doi:10.1186/s13059-014-0550-8), written from that paper and compared with results of PyDESeq2.
 *
 * <p>{@link org.cellweave.diffexp.pseudobulk.PseudobulkDe} is the whole; each step of the paper is
 * a class of its own. Counts lie gene by gene here, since genes are what is fitted.
 */
package org.cellweave.diffexp.pseudobulk;
