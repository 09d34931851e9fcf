import common from './common.json' with { type: 'json' };
import create from './create.json' with { type: 'json' };
import receipt from './receipt.json' with { type: 'json' };
import reveal from './reveal.json' with { type: 'json' };

export default { common, create, receipt, reveal };
