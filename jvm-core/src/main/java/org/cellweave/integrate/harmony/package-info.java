/**
 * Harmony, its first and its second version, by one engine.
 *
 * <p>{@link org.cellweave.integrate.harmony.Harmony} has the parameters, {@link
 * org.cellweave.integrate.harmony.HarmonyModel} the steps. Cells are stored by block and
 * combination of levels ({@code BlockOrder}); {@code SoftClustering} holds their responsibilities,
 * {@code Cooccurrence} the observed and expected counts O and E, {@code DiversityPenalty} the
 * factor that favours mixed clusters, {@code RidgeCorrection} the mixture of linear models, and
 * {@code FlavorRules} what the versions do each in its own way.
 *
 * <p>Hand-written, because libraries have no such thing: {@code FastExp}, vectorised exponentials
 * of whole tiles, which take most of the time; {@code SmallCholesky}, which sets an unknown that
 * others determine to zero where LAPACK would stop, on systems of a few rows, one per cluster;
 * {@code RStart}, R's start with R's random numbers. k-means starts from a sample on the same tiles
 * as everything else ({@code KMeansStart}), since its passes would otherwise dominate the run.
 */
package org.cellweave.integrate.harmony;
