// data: linear
model.viewAnndataSetup()
