// data: labelled
model.getElbo()
