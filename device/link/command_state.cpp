#include "device/link/command_state.h"

namespace basalt::link {

StateWords in_words(CommandState state) noexcept {
    switch (state) {
        case CommandState::waiting:
            return {"The pump has not answered yet. Wait a moment.",
                    "La pompe n'a pas encore répondu. Patientez un instant."};
        case CommandState::done:
            return {"Done: the pump confirmed it.", "Fait : la pompe l'a confirmé."};
        case CommandState::refused:
            return {"The pump refused. Nothing was done. Read the reason that it gives.",
                    "La pompe a refusé. Rien n'a été fait. Lisez la raison qu'elle donne."};
        case CommandState::not_done:
            return {
                "This did not reach the pump, and it will not do it later. Connect again and repeat it if it is still "
                "right.",
                "Ceci n'est pas arrivé à la pompe, et elle ne le fera pas plus tard. Reconnectez-vous et répétez si "
                "c'est "
                "encore juste."};
        case CommandState::unknown:
            break;
    }
    return {"The connection failed: the pump may have done it. Look at its last dose before you ask again.",
            "La connexion a échoué : la pompe l'a peut-être fait. Regardez sa dernière dose avant de redemander."};
}

}  // namespace basalt::link
