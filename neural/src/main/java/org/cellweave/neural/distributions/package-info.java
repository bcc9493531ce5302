/** Likelihoods of counts; the gamma functions are Commons Numbers'. */
package org.cellweave.neural.distributions;
