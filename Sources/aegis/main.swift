import KubeServer
print("aegis")
