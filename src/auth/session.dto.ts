import {
  PASSWORD_MAX_CHARACTERS,
  USERNAME_MAX_CHARACTERS,
  type AuthMode,
  type LocalSignIn,
  type Principal,
  type Session,
  type SignedOut,
} from '@burnbag/contract';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString } from 'class-validator';

export class LocalSignInDto implements LocalSignIn {
  @ApiProperty({ example: 'root', minLength: 1, maxLength: USERNAME_MAX_CHARACTERS })
  @IsString()
  username!: string;

  @ApiProperty({ example: 'correct horse battery', minLength: 1, maxLength: PASSWORD_MAX_CHARACTERS })
  @IsString()
  password!: string;
}

class PrincipalDto {
  @ApiProperty({ enum: ['anonymous', 'person', 'token'] }) kind!: Principal['kind'];
  @ApiPropertyOptional({
    description: 'The provider’s name for the person (`sub`), or the administrator’s.',
    example: '248289761001',
  })
  subject?: string;
  @ApiPropertyOptional({ example: 'Alice Example' }) name?: string;
  @ApiPropertyOptional({
    description: 'Verified by the provider; lower case.',
    example: 'alice@corp.example',
  })
  email?: string;
  @ApiPropertyOptional() isAdmin?: boolean;
  @ApiPropertyOptional({ enum: ['oidc', 'local'] }) via?: 'oidc' | 'local';
  @ApiPropertyOptional({
    description: 'Public handle of the session; it opens nothing.',
    example: '9d3e6d1c7a5b4f20',
  })
  sessionId?: string;
}

export class SignInWaysDto {
  @ApiProperty() oidc!: boolean;
  @ApiProperty() local!: boolean;
}

export class SessionDto implements Session {
  @ApiProperty({ enum: ['open', 'oidc'] }) authMode!: AuthMode;
  @ApiProperty({
    type: SignInWaysDto,
    description: 'How people can sign in here.',
    example: { oidc: true, local: false },
  })
  signIn!: SignInWaysDto;
  @ApiProperty({ description: 'Whether the caller may create a secret.' }) mayCreate!: boolean;
  @ApiProperty({ type: PrincipalDto, example: { kind: 'anonymous' } }) principal!: Principal;
}

export class SignedOutDto implements SignedOut {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where to send the browser to end the provider’s session, too.',
    example: 'https://id.corp.example/session/end?client_id=burnbag',
  })
  logoutUrl!: string | null;
}
