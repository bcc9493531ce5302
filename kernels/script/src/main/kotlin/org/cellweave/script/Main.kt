@file:JvmName("Main")

package org.cellweave.script

import org.cellweave.util.OwnFolders
import java.nio.file.Path
import kotlin.system.exitProcess

/** Entry point of the launcher. */
public fun main(args: Array<String>) {
    val environment = System.getenv()
    ensureHome(environment)
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

/** A user without an account has the home `?`, and libraries would keep their files in a folder of that name here. */
private fun ensureHome(environment: Map<String, String>) {
    if (Path.of(System.getProperty("user.home").orEmpty()).isAbsolute) return
    System.setProperty("user.home", OwnFolders.home(environment).toString())
}
