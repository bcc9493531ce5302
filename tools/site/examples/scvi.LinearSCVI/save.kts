// data: linear
model.save("linearscvi-saved", overwrite = true)
java.io.File("linearscvi-saved").list()!!.sorted()
