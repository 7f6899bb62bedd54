@main struct PoplSync { static func main() {} }
