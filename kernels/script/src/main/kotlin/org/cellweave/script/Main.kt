@file:JvmName("Main")

package org.cellweave.script

import kotlin.system.exitProcess

/** Entry point of the launcher. */
public fun main(args: Array<String>) {
    val environment = System.getenv()
    val host =
        ScriptHost(
            classPath = ScriptHost.systemClassPath(),
            cache = ScriptCache(ScriptCache.folder(environment)),
            environment = environment,
            input = System.`in`,
            out = System.out,
            err = System.err,
            // Until then a signal ends the process at once, which suits the compiler better than an interrupt.
            beforeScript = { Interruption.install(Thread.currentThread()) },
            isInterrupted = { Interruption.exitCode() != null },
        )
    val code = host.run(args.toList())
    exitProcess(Interruption.exitCode() ?: code)
}
