// device/firmware/people_at_work.h: people's commands in the firmware's slot: joins their sessions and their desk to
// the therapy, the records and the guardian.
#pragma once
#include "device/common/signed_file.h"  // DeviceId
#include "device/firmware/people/people_link.h"
#include "device/firmware/people_step.h"
#include "device/firmware/read_record.h"

namespace basalt::firmware {

/// Rely on:  without the device's identity key (the TPM does not answer) there are no sessions; the rest of the
/// firmware
///           goes on. Where the pump is used outlives a restart; who is logged in does not.
/// Source:   R7 to R11, R22, R25, R26, R52.
class PeopleAtWork final : public PeopleStep, private Hands, private access::Pepper {
  public:
    struct Options {
        DeviceId device{};
        const Configuration* configuration = nullptr;  ///< outlives this; nullptr: refused, so nobody has an account
        std::uint32_t switched_off = 0;                ///< Authority::switched_off; production ignores it
    };
    /// `gateway`, `chip` and `chance` outlive this.
    PeopleAtWork(hal::Port& gateway, Chip& chip, link::Chance& chance, const Options& options);

    FrameTaken take(ByteView frame) override;
    void gateway_gone() override;
    void serve(const PeoplesTurn& turn) override;
    void on_wish_answer(const WishAnswer& answer) override;
    void done(bool on_record) override;
    bool waiting() const override { return link_ && link_->waiting(); }

    std::optional<PeopleSeen> seen(Tick now) const override { return desk_.seen(now); }

  private:
    std::variant<Done, UnderWay> carry_out(const Order& order) override;
    access::Operation judged(access::Operation operation, const Values& values) const override;
    bool knows(access::Operation operation, const Values& values) const override;
    std::variant<Bodies, Done> show(link::Shown what, std::uint64_t from, std::string_view who) override;
    Result<Digest> hmac(ByteView data) override { return chip_.pepper(data); }
    void open_accounts(const PeoplesTurn& turn);
    bool follow(const Configuration& configuration, Journal& journal);
    Done calculated(Carbs carbs) const;
    MilliUnits patient_limit() const noexcept;
    UnderWay wish(Wish wish, std::uint32_t number);

    Chip& chip_;
    link::Chance& chance_;
    Options options_;
    std::optional<access::StoredAccounts> accounts_;
    const Journal* accounts_of_ = nullptr;  ///< the records that they were opened over
    std::optional<std::string> to_keep_;    ///< whom the configuration names, until that is on record
    Desk desk_;
    std::optional<ChipSigner> signer_;
    std::optional<PeopleLink> link_;
    ReadRecord reads_{"people"};
    const PeoplesTurn* turn_ = nullptr;  ///< within serve()
    Tick now_{};
    struct Wished {
        Wish wish;
        std::uint32_t number;
    };
    std::vector<Wished> wished_;
};

}  // namespace basalt::firmware
