#include "scenarios/bench/listener.h"

#include "tests/integration/network/raw_client.h"

#include <gtest/gtest.h>

namespace basalt::bench {
namespace {

TEST(Listener, TheKernelChoosesAPortThatCanBeReachedOnThisComputerAlone) {
    const auto listener = Listener::open(0);
    ASSERT_TRUE(listener) << listener.error().what;
    EXPECT_GT(listener->port(), 0);
    EXPECT_TRUE(test::connected_to(listener->port()));
    sockaddr_in at{};
    socklen_t size = sizeof(at);
    ASSERT_EQ(::getsockname(listener->get(), reinterpret_cast<sockaddr*>(&at), &size), 0);
    EXPECT_EQ(ntohl(at.sin_addr.s_addr), INADDR_LOOPBACK);
}

TEST(Listener, APortInUseIsOneErrorWithItsNextStep) {
    const auto first = Listener::open(0);
    ASSERT_TRUE(first);
    const auto second = Listener::open(first->port());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::refused);
    EXPECT_NE(second.error().what.find(std::to_string(first->port())), std::string::npos) << second.error().what;
    EXPECT_NE(second.error().next_step.find("another port"), std::string::npos);
}

TEST(Listener, APortIsFreeAgainAsSoonAsItsRunIsOver) {
    std::uint16_t port = 0;
    {
        const auto listener = Listener::open(0);
        ASSERT_TRUE(listener);
        port = listener->port();
        const auto peer = test::connected_to(port);
        const hal::Descriptor accepted{::accept(listener->get(), nullptr, nullptr)};
    }
    EXPECT_TRUE(Listener::open(port));
}

}  // namespace
}  // namespace basalt::bench
