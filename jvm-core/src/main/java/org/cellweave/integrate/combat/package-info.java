/**
 * ComBat: location and scale of every gene in every batch ({@code LocationScaleModel}) drawn
 * towards those of all genes ({@code EmpiricalBayes}), beside covariates that are kept ({@code
 * CombatDesign}).
 */
package org.cellweave.integrate.combat;
