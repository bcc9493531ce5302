import java.io.File
fun offline(file: String, line: () -> AnnData): AnnData = if (File(file).exists()) sc.readH5ad(file) else line()
