// data: joint
model.getElbo()
