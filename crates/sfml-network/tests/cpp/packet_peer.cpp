// A peer that speaks packets through C++ SFML 2; packet_cpp.rs builds it and talks to it over loopback.
//
// It connects to the port in its argument and sends a packet that holds a value of every type. It wants the same
// values back in the packet it receives, and answers with a verdict: a string that names each value that differs
// and is empty when all is well. Then it returns a large packet, an empty one and hangs up.

#include <SFML/Network.hpp>
#include <cstdlib>
#include <limits>
#include <string>
#include <type_traits>

// The one list of values, in the order of the test's own.
template <typename Visitor>
void each(Visitor visit) {
    visit("true", true);
    visit("false", false);
    visit("lowest Int8", std::numeric_limits<sf::Int8>::lowest());
    visit("greatest Int8", std::numeric_limits<sf::Int8>::max());
    visit("greatest Uint8", std::numeric_limits<sf::Uint8>::max());
    visit("lowest Int16", std::numeric_limits<sf::Int16>::lowest());
    visit("greatest Int16", std::numeric_limits<sf::Int16>::max());
    visit("greatest Uint16", std::numeric_limits<sf::Uint16>::max());
    visit("Uint16 with a pattern", static_cast<sf::Uint16>(12345));
    visit("lowest Int32", std::numeric_limits<sf::Int32>::lowest());
    visit("greatest Int32", std::numeric_limits<sf::Int32>::max());
    visit("greatest Uint32", std::numeric_limits<sf::Uint32>::max());
    visit("Uint32 with a pattern", static_cast<sf::Uint32>(1234567890));
    visit("lowest Int64", std::numeric_limits<sf::Int64>::lowest());
    visit("greatest Int64", std::numeric_limits<sf::Int64>::max());
    visit("greatest Uint64", std::numeric_limits<sf::Uint64>::max());
    visit("Uint64 with a pattern", static_cast<sf::Uint64>(0x0102030405060708));
    visit("float", 123.456f);
    visit("lowest float", std::numeric_limits<float>::lowest());
    visit("least float", std::numeric_limits<float>::denorm_min());
    visit("infinite float", -std::numeric_limits<float>::infinity());
    visit("double", -0.1);
    visit("greatest double", std::numeric_limits<double>::max());
    visit("least double", std::numeric_limits<double>::denorm_min());
    visit("empty string", std::string());
    visit("string of bytes", std::string("a\0b\xFF\r\n", 6));
    visit("string in UTF-8", std::string(u8"gr\u00FC\u00DFe \U0001F600"));
    visit("empty wide string", std::wstring());
    visit("wide string", std::wstring(L"gr\u00FC\u00DFe \u4E16 \U0001F600"));
    visit("sf::String", sf::String(L"\u03B1\U0010FFFF"));
}

int main(int, char** arguments) {
    sf::TcpSocket socket;
    sf::Packet ours, theirs, verdict, large, empty;
    const auto port = static_cast<unsigned short>(std::atoi(arguments[1]));

    each([&](const char*, const auto& value) { ours << value; });
    if (socket.connect(sf::IpAddress::LocalHost, port, sf::seconds(10)) != sf::Socket::Done ||
        socket.send(ours) != sf::Socket::Done || socket.receive(theirs) != sf::Socket::Done)
        return EXIT_FAILURE;

    std::string wrong;
    each([&](const char* name, const auto& wanted) {
        std::decay_t<decltype(wanted)> value{};
        if (!(theirs >> value) || value != wanted)
            wrong += std::string(name) + "; ";
    });
    if (!theirs.endOfPacket())
        wrong += "bytes after the last value; ";
    verdict << wrong;

    bool done = socket.send(verdict) == sf::Socket::Done;
    done = done && socket.receive(large) == sf::Socket::Done && socket.send(large) == sf::Socket::Done;
    return done && socket.send(empty) == sf::Socket::Done ? EXIT_SUCCESS : EXIT_FAILURE;
}
