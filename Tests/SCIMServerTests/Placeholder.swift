import SCIMServer
