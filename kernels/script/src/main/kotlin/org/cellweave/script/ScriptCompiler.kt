package org.cellweave.script

import java.io.File
import java.nio.file.Path
import java.util.zip.ZipFile
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlin.script.experimental.api.ResultWithDiagnostics
import kotlin.script.experimental.api.ScriptCompilationConfiguration
import kotlin.script.experimental.api.ScriptDiagnostic
import kotlin.script.experimental.api.defaultImports
import kotlin.script.experimental.api.dependencies
import kotlin.script.experimental.api.valueOrNull
import kotlin.script.experimental.host.toScriptSource
import kotlin.script.experimental.jvm.JvmDependency
import kotlin.script.experimental.jvm.impl.KJvmCompiledModuleInMemory
import kotlin.script.experimental.jvm.impl.KJvmCompiledScript
import kotlin.script.experimental.jvmhost.JvmScriptCompiler
import kotlin.script.experimental.jvmhost.createJvmCompilationConfigurationFromTemplate

/** Compiles scripts against [classPath]. */
internal class ScriptCompiler(private val classPath: List<Path>) {
    /** Exactly one of the two is there to use: [script] is null when the compiler found errors. */
    class Outcome(val script: CompiledScript?, val diagnostics: List<ScriptDiagnostic>)

    fun compile(source: ScriptSource): Outcome {
        val result = awaited { JvmScriptCompiler()(source.text.toScriptSource(source.name), configuration()) }
        val compiled = result.valueOrNull() as KJvmCompiledScript?
        return Outcome(compiled?.let(::packed), result.reports)
    }

    private fun configuration(): ScriptCompilationConfiguration =
        createJvmCompilationConfigurationFromTemplate<CellweaveScript> {
            val packages = existing(DEFAULT_IMPORTS)
            defaultImports(packages.map { "$it.*" } + DEFAULT_NAMES.filter { it.substringBeforeLast('.') in packages })
            dependencies(JvmDependency(visible().map(Path::toFile)))
        }

    /** Scripts have no use for the compiler that the host brings along, and reading its index costs time. */
    private fun visible(): List<Path> = classPath.filterNot { it.fileName.toString().startsWith("kotlin-compiler-") }

    private fun existing(packages: List<String>): List<String> {
        val missing = packages.toMutableSet()
        for (entry in visible()) {
            if (missing.isEmpty()) break
            missing -= packagesIn(entry.toFile(), missing)
        }
        return packages - missing
    }

    private fun packagesIn(entry: File, wanted: Set<String>): Set<String> {
        if (entry.isDirectory) return wanted.filterTo(HashSet()) { File(entry, it.replace('.', '/')).isDirectory }
        if (!entry.isFile) return emptySet()
        // Some jars have no entries for folders, so look at the classes.
        return ZipFile(entry).use { jar ->
            jar
                .stream()
                .map { it.name.substringBeforeLast('/', "").replace('/', '.') }
                .filter { it in wanted }
                .toList()
                .toSet()
        }
    }

    private fun packed(script: KJvmCompiledScript): CompiledScript {
        val module = script.getCompiledModule() as KJvmCompiledModuleInMemory
        val classFiles = module.compilerOutputFiles.filterKeys { it.endsWith(".class") }
        return CompiledScript(script.scriptClassFQName, script.resultField?.first.orEmpty(), classFiles)
    }

    /** The compiler is declared suspending but never suspends. */
    private fun <T> awaited(body: suspend () -> ResultWithDiagnostics<T>): ResultWithDiagnostics<T> {
        var outcome: Result<ResultWithDiagnostics<T>>? = null
        body.startCoroutine(Continuation(EmptyCoroutineContext) { outcome = it })
        return checkNotNull(outcome) { "the script compiler suspended" }.getOrThrow()
    }
}
