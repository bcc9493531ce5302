/**
 * What features of clones foretell of them: gradient-boosted trees on expression, and how much each
 * feature adds to each prediction (SHAP values).
 *
 * <p>Trees are those of XGBoost 3.4.0 (Apache 2.0; Chen and Guestrin 2016), by {@code xgboost4j}.
 * Beside it {@code lightgbm4j} 4.3.0-1 was tried: one smaller jar, but no natives for macOS, twice
 * the time for SHAP values, and it follows LightGBM 4.3 of 2024. Of what xgboost4j names, Scala and
 * all but Kryo's own jar stay out: only its Java classes are used. Like LightGBM it wants {@code
 * libgomp} (Linux) or {@code libomp} (macOS) on the machine.
 *
 * <p>Losses and their gradients are computed here, in double precision: so responses get trees of
 * their own that grow in step on one thread each, and the number of threads cannot matter.
 */
package org.cellweave.clonal.prediction;
