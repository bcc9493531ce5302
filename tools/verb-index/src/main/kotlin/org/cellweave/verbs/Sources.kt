@file:OptIn(K1Deprecation::class)

package org.cellweave.verbs

import org.jetbrains.kotlin.K1Deprecation
import org.jetbrains.kotlin.cli.common.messages.MessageCollector
import org.jetbrains.kotlin.cli.jvm.compiler.EnvironmentConfigFiles
import org.jetbrains.kotlin.cli.jvm.compiler.KotlinCoreEnvironment
import org.jetbrains.kotlin.com.intellij.ide.highlighter.JavaFileType
import org.jetbrains.kotlin.com.intellij.openapi.util.Disposer
import org.jetbrains.kotlin.com.intellij.psi.PsiClass
import org.jetbrains.kotlin.com.intellij.psi.PsiErrorElement
import org.jetbrains.kotlin.com.intellij.psi.PsiFileFactory
import org.jetbrains.kotlin.com.intellij.psi.PsiJavaFile
import org.jetbrains.kotlin.com.intellij.psi.PsiModifier
import org.jetbrains.kotlin.com.intellij.psi.util.PsiTreeUtil
import org.jetbrains.kotlin.config.CommonConfigurationKeys
import org.jetbrains.kotlin.config.CompilerConfiguration
import org.jetbrains.kotlin.config.JVMConfigurationKeys
import org.jetbrains.kotlin.psi.KtClass
import org.jetbrains.kotlin.psi.KtFile
import org.jetbrains.kotlin.psi.KtNamedFunction
import org.jetbrains.kotlin.psi.KtObjectDeclaration
import org.jetbrains.kotlin.psi.KtProperty
import org.jetbrains.kotlin.psi.KtPsiFactory
import org.jetbrains.kotlin.psi.psiUtil.collectDescendantsOfType
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.invariantSeparatorsPathString

/** All Kotlin and Java files below some folders. */
internal fun readFolders(folders: List<Path>): Sources =
    Sources(folders.flatMap { textsBelow(it, ".kt") }.toMap(), folders.flatMap { textsBelow(it, ".java") }.toMap())

private fun textsBelow(folder: Path, ending: String): List<Pair<String, String>> {
    require(Files.isDirectory(folder)) { "there is no folder $folder" }
    val files = Files.walk(folder).use { all -> all.filter { it.toString().endsWith(ending) }.sorted().toList() }
    return files.map { folder.relativize(it).invariantSeparatorsPathString to Files.readString(it) }
}

/**
 * Kotlin files as the compiler's own parser reads them, before it gives names a meaning: that is enough to list
 * declarations, and it needs no class path and about a second. Closing it frees the parser.
 *
 * @param texts by the path below the folder of sources
 * @param javaTexts Java files, of which the public classes are read as far as [javaClasses] says
 */
internal class Sources(texts: Map<String, String>, javaTexts: Map<String, String> = emptyMap()) : AutoCloseable {
    private val parser = Disposer.newDisposable("sources")
    private val paths: Map<KtFile, String>

    /** Public classes and interfaces of the Java files, with the path of their file. */
    val javaClasses: Map<PsiClass, String>

    init {
        val configuration = CompilerConfiguration()
        configuration.put(CommonConfigurationKeys.MESSAGE_COLLECTOR_KEY, MessageCollector.NONE)
        configuration.put(JVMConfigurationKeys.NO_JDK, true)
        val environment =
            KotlinCoreEnvironment.createForProduction(parser, configuration, EnvironmentConfigFiles.JVM_CONFIG_FILES)
        val factory = KtPsiFactory(environment.project)
        paths = texts.entries.associate { (path, text) ->
            parsed(factory, path, text.replace("\r\n", "\n")) to path
        }
        val javaFactory = PsiFileFactory.getInstance(environment.project)
        javaClasses = javaTexts.entries
            .flatMap { (path, text) ->
                val file = javaFactory.createFileFromText(path.substringAfterLast('/'), JavaFileType.INSTANCE, text)
                (file as PsiJavaFile).classes.filter { it.hasModifierProperty(PsiModifier.PUBLIC) }.map { it to path }
            }.toMap()
    }

    val files: Collection<KtFile> get() = paths.keys

    /** Objects by their qualified names. */
    val objects: Map<String, KtObjectDeclaration> =
        files
            .flatMap { it.collectDescendantsOfType<KtObjectDeclaration>() }
            .filter { !it.isCompanion() }
            .mapNotNull { declared -> declared.fqName?.let { it.asString() to declared } }
            .toMap()

    /** Classes and interfaces by their qualified names. */
    val classes: Map<String, KtClass> =
        files
            .flatMap { it.collectDescendantsOfType<KtClass>() }
            .mapNotNull { declared -> declared.fqName?.let { it.asString() to declared } }
            .toMap()

    /** Properties and functions that stand outside of classes. */
    val properties: List<KtProperty> = files.flatMap { it.declarations.filterIsInstance<KtProperty>() }
    val functions: List<KtNamedFunction> = files.flatMap { it.declarations.filterIsInstance<KtNamedFunction>() }

    private val propertiesByName = properties.groupBy { it.fqName?.asString() }

    fun path(file: KtFile): String = paths.getValue(file)

    /** What [name] stands for in [file]: a private property counts in its own file only. */
    fun property(name: String, file: KtFile): KtProperty? {
        val known = propertiesByName[name].orEmpty().filter { it.receiverTypeReference == null }
        return known.firstOrNull { it.containingKtFile == file } ?: known.firstOrNull { !it.isPrivate() }
    }

    override fun close() = Disposer.dispose(parser)

    private fun parsed(factory: KtPsiFactory, path: String, text: String): KtFile {
        val file = factory.createFile(path.substringAfterLast('/'), text)
        PsiTreeUtil.findChildOfType(file, PsiErrorElement::class.java)?.let { fault ->
            val line = text.take(fault.textOffset).count { it == '\n' } + 1
            throw IllegalArgumentException("$path:$line: ${fault.errorDescription}")
        }
        return file
    }
}
