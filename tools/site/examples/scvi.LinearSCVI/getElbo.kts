// data: linear
model.getElbo()
