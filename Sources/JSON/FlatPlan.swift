/// An ``ExtractionPlan`` as plain memory, for the walk: no arrays to count references of.
struct FlatPlan {
    struct Node {
        var targets: Range32
        var below: Range32
        var conditions: Range32
        /// Index into the arrays, or −1.
        var array: Int32
    }

    struct Array {
        var element: Int32
        var selectors: Range32
    }

    struct Selector {
        /// Position to pick, −1 for a condition, −2 for every element.
        var index: Int32
        var slots: Range32
    }

    struct Condition {
        /// Position among the selectors of the array around.
        var selector: Int32
        var bytes: Range32
    }

    struct Range32 {
        var start: Int32
        var count: Int32
        @inline(__always) var indices: Range<Int> { Int(start)..<Int(start &+ count) }
    }

    let nodes: UnsafeMutableBufferPointer<Node>
    let arrays: UnsafeMutableBufferPointer<Array>
    let selectors: UnsafeMutableBufferPointer<Selector>
    let conditions: UnsafeMutableBufferPointer<Condition>
    /// Targets and slots.
    let numbers: UnsafeMutableBufferPointer<Int32>
    let bytes: UnsafeMutableBufferPointer<UInt8>
    /// The most selectors that one array has.
    let selectorLimit: Int

    init(_ plan: ExtractionPlan) {
        var numbers: [Int32] = []
        var bytes: [UInt8] = []
        var arrays: [Array] = []
        var selectors: [Selector] = []
        var conditions: [Condition] = []
        func range(_ values: [Int32]) -> Range32 {
            numbers += values
            return Range32(start: Int32(numbers.count - values.count), count: Int32(values.count))
        }
        var nodes: [Node] = []
        for node in plan.nodes {
            let firstCondition = conditions.count
            for condition in node.conditions {
                let start = Int32(bytes.count)
                bytes += condition.value
                conditions.append(
                    Condition(
                        selector: Int32(condition.selector),
                        bytes: Range32(start: start, count: Int32(condition.value.count))))
            }
            var array: Int32 = -1
            if let wanted = node.array {
                array = Int32(arrays.count)
                let first = Int32(selectors.count)
                for selector in wanted.selectors {
                    let index: Int32 =
                        switch selector.selector {
                        case .index(let index): Int32(index)
                        case .matching: -1
                        case .all: -2
                        }
                    selectors.append(Selector(index: index, slots: range(selector.slots)))
                }
                arrays.append(
                    Array(
                        element: wanted.element,
                        selectors: Range32(start: first, count: Int32(wanted.selectors.count))))
            }
            nodes.append(
                Node(
                    targets: range(node.targets), below: range(node.below),
                    conditions: Range32(start: Int32(firstCondition), count: Int32(node.conditions.count)),
                    array: array))
        }
        self.nodes = Self.copy(nodes)
        self.arrays = Self.copy(arrays)
        self.selectors = Self.copy(selectors)
        self.conditions = Self.copy(conditions)
        self.numbers = Self.copy(numbers)
        self.bytes = Self.copy(bytes)
        selectorLimit = arrays.map { Int($0.selectors.count) }.max() ?? 0
    }

    func deallocate() {
        nodes.deallocate()
        arrays.deallocate()
        selectors.deallocate()
        conditions.deallocate()
        numbers.deallocate()
        bytes.deallocate()
    }

    private static func copy<Element>(_ values: [Element]) -> UnsafeMutableBufferPointer<Element> {
        let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(values.count, 1))
        _ = buffer.initialize(from: values)
        return buffer
    }
}
