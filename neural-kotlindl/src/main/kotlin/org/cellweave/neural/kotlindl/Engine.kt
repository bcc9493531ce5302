package org.cellweave.neural.kotlindl

import java.util.function.BiFunction
import java.util.function.Function

/** A verb with its arguments to its results, in types of the JDK. */
internal typealias Verbs = BiFunction<String, Map<String, Any>, Map<String, Any>>

/**
 * The door of this module: makes of a description of a network what trains it.
 *
 * The verbs are `step` and `evaluate` (`rows`, `cells`, and for a step `learningRate` and `warmUp`; gives `terms`),
 * `weights` and `moments` (arrays by name), `restore` (takes both) and `close`.
 */
public class Engine : Function<Map<String, Any>, BiFunction<String, Map<String, Any>, Map<String, Any>>> {
    override fun apply(description: Map<String, Any>): BiFunction<String, Map<String, Any>, Map<String, Any>> {
        val training = Training(Description(description))
        return Verbs { verb, arguments -> training.run(verb, Description(arguments)) }
    }
}
